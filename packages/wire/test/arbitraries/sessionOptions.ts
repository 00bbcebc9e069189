import * as fc from 'fast-check';
import type { FamilyKey, SessionOptions } from '../../src/index.ts';
import { nlriFamilies } from './nlri.ts';

const someFamilies: fc.Arbitrary<ReadonlySet<FamilyKey>> = fc
  .subarray([...nlriFamilies])
  .map((families) => new Set(families));

/** A session between two speakers that agreed on the same things both ways, so that each can read the other. */
export const sessionOptions: fc.Arbitrary<SessionOptions> = fc
  .record({
    fourOctetAs: fc.boolean(),
    maximumLength: fc.constantFrom(4096, 65535),
    addPath: someFamilies,
    peerType: fc.constantFrom('internal', 'external'),
  })
  .map(({ fourOctetAs, maximumLength, addPath, peerType }) => ({
    fourOctetAs,
    maximumReceiveLength: maximumLength,
    maximumSendLength: maximumLength,
    families: new Set(nlriFamilies),
    addPathReceive: addPath,
    addPathSend: addPath,
    extendedNextHop: new Set<FamilyKey>(),
    peerType,
  }));
