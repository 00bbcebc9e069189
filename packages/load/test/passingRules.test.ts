import { describe, expect, it } from 'vitest';
import { type AttributeDigest, addressKey, emptyDigest } from '../src/routes/attributeDigest.ts';
import { type Passage, PassingRules } from '../src/speaker/passingRules.ts';

const sources = { ases: [65_001], routerIds: ['10.1.0.1'], nextHops: ['10.1.0.1', '2001:db8::1'] };
const originator = 0x0a01_0001;
const ours = addressKey(Uint8Array.of(10, 1, 0, 1), 0, 4);
const other = addressKey(Uint8Array.of(10, 9, 9, 9), 0, 4);

const router: Passage = {
  owner: 'external',
  toExternal: true,
  fromInternal: false,
  transparent: false,
};
const routeServer: Passage = { ...router, transparent: true };
const borderRouter: Passage = { ...router, toExternal: false };
const reflector: Passage = { ...borderRouter, owner: 'internal', fromInternal: true };
const exit: Passage = { ...router, owner: 'internal', fromInternal: true };

/** As it is when all is right. */
const passedOn: Partial<AttributeDigest> = { firstAs: 65_001, isPrepended: true };
const fromInside: Partial<AttributeDigest> = { firstAs: 65_001, localPreference: 100 };
const reflected: Partial<AttributeDigest> = {
  firstAs: 174,
  localPreference: 100,
  originatorId: originator,
  hasClusterList: true,
};

describe('what a router does to a route that it passes on', () => {
  it.for<[string, Passage, Partial<AttributeDigest>, number, RegExp | undefined]>([
    ['by a router', router, passedOn, other, undefined],
    ['by a router without its AS', router, { firstAs: 65_001 }, other, /5\.1\.2/],
    ['by a router that lost the first AS', router, { ...passedOn, firstAs: 174 }, other, /begin/],
    ['with LOCAL_PREF', router, { ...passedOn, localPreference: 0 }, other, /5\.1\.5/],
    ['with ORIGINATOR_ID', router, { ...passedOn, originatorId: 1 }, other, /4456 §8/],
    ['with CLUSTER_LIST', router, { ...passedOn, hasClusterList: true }, other, /4456 §8/],
    ['by a route server', routeServer, { firstAs: 65_001 }, ours, undefined],
    ['by a route server as its next hop', routeServer, { firstAs: 65_001 }, other, /7947 §2\.2\.1/],
    ['into the AS', borderRouter, fromInside, other, undefined],
    ['into the AS without LOCAL_PREF', borderRouter, { firstAs: 65_001 }, other, /5\.1\.5/],
    ['out of the AS', exit, { firstAs: 174, isPrepended: true }, other, undefined],
    ['by a reflector', reflector, reflected, ours, undefined],
    [
      'by a reflector without ORIGINATOR_ID',
      reflector,
      { ...reflected, originatorId: undefined },
      ours,
      /BGP Identifier/,
    ],
    [
      "by a reflector as somebody else's",
      reflector,
      { ...reflected, originatorId: 7 },
      ours,
      /BGP Identifier/,
    ],
    [
      'by a reflector without CLUSTER_LIST',
      reflector,
      { ...reflected, hasClusterList: false },
      ours,
      /CLUSTER_LIST is missing/,
    ],
    ['by a reflector as its next hop', reflector, reflected, other, /NEXT_HOP/],
    [
      'by a reflector with another preference',
      reflector,
      { ...reflected, localPreference: 200 },
      ours,
      /LOCAL_PREF/,
    ],
    [
      'by a reflector, of a file as it is',
      { ...reflector, owner: 'verbatim' },
      { ...reflected, localPreference: 200 },
      other,
      undefined,
    ],
  ])('%s', ([, passage, attributes, nextHop, words]) => {
    const rules = new PassingRules(passage, sources);
    const breach = rules.breach({ ...emptyDigest(), ...attributes }, nextHop);
    if (words === undefined) expect(breach).toBeUndefined();
    else expect(breach).toMatch(words);
  });
});

describe('MULTI_EXIT_DISC', () => {
  it.for<[string, Passage, number, number, boolean]>([
    ['of the source is not for another AS', router, 7, 66_001, false],
    ['of the device may be there', router, 8, 66_001, true],
    ['may go back to the AS that it came from', router, 7, 65_001, true],
    ['may reach internal neighbours (RFC 4271 §5.1.4)', borderRouter, 7, 65_000, true],
    ['may pass a route server (RFC 7947 §2.2.3)', routeServer, 7, 66_001, true],
    ["of an internal neighbour may be the AS's own", exit, 7, 66_001, true],
  ])('%s', ([, passage, multiExitDisc, neighbor, isRight]) => {
    const rules = new PassingRules(passage, sources);
    const digest = { ...emptyDigest(), firstAs: 65_001, multiExitDisc };
    const breach = rules.multiExitDiscBreach(digest, neighbor, () => 7);
    expect(breach === undefined).toBe(isRight);
  });
});
