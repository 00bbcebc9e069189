import { describe, expect, it } from 'vitest';
import {
  familyKey,
  familyName,
  familyOfKey,
  namedFamilies,
  parseFamilyName,
} from '../src/index.ts';

describe('address families', () => {
  it.for([
    [1, 1, 'ipv4-unicast'],
    [2, 1, 'ipv6-unicast'],
    [1, 4, 'ipv4-labeled-unicast'],
    [2, 128, 'ipv6-vpn'],
    [25, 70, 'l2vpn-evpn'],
    [1, 132, 'route-target'],
    [16388, 71, 'bgp-ls'],
    [25, 65, 'afi-25-safi-65'],
    [65535, 255, 'afi-65535-safi-255'],
    [0, 0, 'afi-0-safi-0'],
  ] as const)('<%i, %i> is %s', ([afi, safi, name]) => {
    const key = familyKey(afi, safi);
    expect(familyOfKey(key)).toEqual({ afi, safi });
    expect(familyName(key)).toBe(name);
    expect(parseFamilyName(name)).toBe(key);
  });

  it('all have names that lead back to them', () => {
    expect(namedFamilies[0]).toBe(familyKey(1, 1));
    expect(namedFamilies.at(-1)).toBe(familyKey(16388, 71));
    for (const key of namedFamilies) expect(parseFamilyName(familyName(key))).toBe(key);
  });

  it.for(['', 'ipv4', 'IPv4-unicast', 'afi-65536-safi-1', 'afi-1-safi-256', 'afi-1-safi', '1/1'])(
    'are not called %j',
    (name) => {
      expect(parseFamilyName(name)).toBeUndefined();
    },
  );
});
