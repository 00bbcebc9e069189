import { describe, expect, it } from 'vitest';
import { assertAnnouncements, assertWithdrawals } from '../src/assertRoutes.ts';

const prefix = '10.0.0.0/8';
const octets = new Uint8Array(4);
const field = { family: 'ipv4-unicast', attributes: octets, nlri: octets };
const anObject = "it must be an object such as { prefix: '10.0.0.0/8' }";

describe('routes', () => {
  it('of every form pass, whatever their values say', () => {
    const whole = {
      prefix: 'nonsense',
      family: 'ipv9',
      pathId: -1,
      nextHop: 'self',
      origin: 'igp',
      asPath: [65001, [65002, 65003]],
      asPathIsFinal: true,
      multiExitDiscriminator: 5,
      localPreference: 100,
      atomicAggregate: false,
      aggregator: { as: 65001, address: '192.0.2.1' },
      communities: ['65001:1'],
      largeCommunities: ['65001:1:2'],
      extendedCommunities: [],
    };
    const encoded = { ...field, nextHop: octets, addPath: true, asPathIsFinal: false };
    const routes = [{ prefix }, { prefix, communities: undefined }, whole, field, encoded];
    expect(() => assertAnnouncements(routes)).not.toThrow();
    expect(() => assertWithdrawals(routes)).not.toThrow();
    const { attributes: _, ...withdrawn } = field;
    expect(() => assertWithdrawals([withdrawn])).not.toThrow();
  });

  it.for<[what: string, route: unknown, complaint: string]>([
    ['a text', '10.0.0.0/8', `is "10.0.0.0/8"; ${anObject}`],
    ['null', null, `is null; ${anObject}`],
    ['a list', [{ prefix }], `is a list; ${anObject}`],
    ['no prefix', {}, '.prefix is missing'],
    [
      'a misspelt key',
      { prefix, localpreference: 1 },
      '.localpreference is no option; did you mean localPreference?',
    ],
    [
      'a key that every object has',
      { prefix, toString: 1 },
      '.toString is no option; there are prefix, family, ',
    ],
    [
      'an unknown key without a value',
      { prefix, med: undefined },
      '.med is no option; there are prefix, ',
    ],
    [
      'a number as text',
      { prefix, multiExitDiscriminator: '5' },
      '.multiExitDiscriminator is "5"; it must be a number',
    ],
    [
      'a text for a list',
      { prefix, communities: '65000:1' },
      '.communities is "65000:1"; it must be a list',
    ],
    [
      'a list of others',
      { prefix, communities: ['65000:1', 5] },
      '.communities[1] is 5; it must be text',
    ],
    ['a path that is none', { prefix, asPath: '65000' }, '.asPath is "65000"; it must be a list'],
    [
      'a step that is none',
      { prefix, asPath: [1, '2'] },
      '.asPath[1] is "2"; it must be an AS number, or a list of them',
    ],
    ['half an aggregator', { prefix, aggregator: { as: 1 } }, '.aggregator.address is missing'],
    [
      'a field without attributes',
      { family: 'ipv4-unicast', nlri: octets },
      '.attributes is missing',
    ],
    ['a field as a list', { ...field, nlri: [8, 10] }, '.nlri is a list; it must be a Uint8Array'],
    [
      'a field with a prefix',
      { ...field, prefix },
      '.prefix is no option; there are family, attributes, nextHop, nlri, ',
    ],
  ])('that are none are refused, with their place: %s', ([, route, complaint]) => {
    const message = expect.stringContaining(
      `announcements[1]${complaint.startsWith('.') ? '' : ' '}${complaint}`,
    ) as string;
    expect(() => assertAnnouncements([{ prefix }, route])).toThrow(
      expect.objectContaining({ name: 'PeerloomError', code: 'ERR_PEERLOOM_ROUTE', message }),
    );
  });

  it('are refused with all that is wrong with the first that is none', () => {
    const wrong = { prefix, med: 5, nextHop: 5 };
    expect(() => assertWithdrawals([{ prefix }, wrong, wrong])).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^withdrawals\[1\]\.med is no option; .* \(and 1 more\)$/,
        ) as string,
        issues: [
          expect.objectContaining({ path: ['withdrawals', 1, 'med'] }),
          { path: ['withdrawals', 1, 'nextHop'], message: 'is 5; it must be text' },
        ],
      }),
    );
  });
});
