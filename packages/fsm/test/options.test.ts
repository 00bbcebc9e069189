import type { Capability } from '@peerloom/wire';
import { describe, expect, it } from 'vitest';
import { type FsmOptions, resolveFsmOptions } from '../src/index.ts';
import { localOptions } from './speakers.ts';

/** Each takes 255 octets of an OPEN, which has room for 4,060 of them (RFC 8654 §4). */
function longCapabilities(count: number): readonly Capability[] {
  const value = new Uint8Array(253);
  return Array.from({ length: count }, (_, index) => ({
    type: 'unknown',
    code: 200 + index,
    value,
  }));
}

describe('resolveFsmOptions', () => {
  it.for<[Partial<FsmOptions>, string]>([
    [{ localAs: 0 }, 'localAs'],
    [{ localAs: 4_294_967_296 }, 'localAs'],
    [{ remoteAs: 1.5 }, 'remoteAs'],
    [{ remoteAs: 'neighbour' as 'any' }, 'remoteAs'],
    [{ routerId: '0.0.0.0' }, 'routerId'],
    [{ routerId: '192.0.2.256' }, 'routerId'],
    [{ routerId: '192.0.2' }, 'routerId'],
    [{ routerId: '192.0.2.1.' }, 'routerId'],
    [{ holdTime: 1 }, 'holdTime'],
    [{ holdTime: 2 }, 'holdTime'],
    [{ holdTime: 65536 }, 'holdTime'],
    [{ holdTime: 30.5 }, 'holdTime'],
    [{ sendHoldTime: 90 }, 'sendHoldTime'],
    [{ sendHoldTime: Number.POSITIVE_INFINITY }, 'sendHoldTime'],
    [{ connectRetryTime: 0 }, 'connectRetryTime'],
    [{ connectRetryTime: Number.NaN }, 'connectRetryTime'],
    [{ idleHoldTime: 60, idleHoldTimeMaximum: 59 }, 'idleHoldTimeMaximum'],
    [{ delayOpenTime: -1 }, 'delayOpenTime'],
    [{ role: 5 }, 'role'],
    [{ capabilities: [{ type: 'multiprotocol', afi: 65536, safi: 1 }] }, 'capabilities'],
    [{ capabilities: longCapabilities(16) }, 'capabilities'],
    [{ requiredCapabilities: [{ type: 'role', role: 256 }] }, 'requiredCapabilities'],
    [{ profile: 'modern' as 'classic' }, 'profile'],
  ])('refuses %o', ([changes, option]) => {
    expect(() => resolveFsmOptions({ ...localOptions, ...changes })).toThrow(
      expect.objectContaining({ code: 'ERR_FSM_OPTION', option }),
    );
  });

  it('accepts the edges of the ranges', () => {
    for (const changes of [
      { localAs: 4_294_967_295, remoteAs: 1, routerId: '255.255.255.255' },
      { holdTime: 0 },
      { holdTime: 3 },
      { holdTime: 65535, sendHoldTime: 65536 },
      { capabilities: longCapabilities(15) },
    ]) {
      expect(() => resolveFsmOptions({ ...localOptions, ...changes })).not.toThrow();
    }
  });
});
