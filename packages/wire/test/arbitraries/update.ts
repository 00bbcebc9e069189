import * as fc from 'fast-check';
import type { FamilyKey, Nlri, UpdateMessage, UpdateOptions } from '../../src/index.ts';
import { family, sessionOptions } from '../updateBytes.ts';
import { nlriFamilies, nlriOf } from './nlri.ts';
import { mpReachOf, mpUnreachOf, pathAttributes } from './pathAttribute.ts';

/** What two speakers may have agreed on; both ends agree, so that what is sent can be received. */
export const updateOptions: fc.Arbitrary<UpdateOptions> = fc
  .record({
    fourOctetAs: fc.boolean(),
    peerType: fc.constantFrom('internal', 'external'),
    addPath: fc.boolean(),
    extendedNextHop: fc.boolean(),
  })
  .map(({ fourOctetAs, peerType, addPath, extendedNextHop }) => {
    const all: ReadonlySet<FamilyKey> = new Set(nlriFamilies);
    const none: ReadonlySet<FamilyKey> = new Set();
    return sessionOptions({
      fourOctetAs,
      peerType,
      families: all,
      addPathReceive: addPath ? all : none,
      addPathSend: addPath ? all : none,
      extendedNextHop: extendedNextHop ? all : none,
      maximumReceiveLength: 65535,
      maximumSendLength: 65535,
    });
  });

function ipv4Routes(
  options: UpdateOptions,
  context: 'reach' | 'unreach',
  maxLength: number,
): fc.Arbitrary<Nlri[]> {
  const addPath = options.addPathSend.has(family.ipv4Unicast);
  const shape = { addPath, context };
  return fc.array(nlriOf(family.ipv4Unicast, shape), { minLength: 1, maxLength, size: 'max' });
}

const anyFamily = fc.constantFrom(...nlriFamilies);

function message(parts: Partial<UpdateMessage>): UpdateMessage {
  return { kind: 'update', withdrawn: [], attributes: [], nlri: [], ...parts };
}

/** A sound UPDATE with one field of routes at most, in the form that decoding gives back. */
export function updateMessage(options: UpdateOptions, maxLength = 10): fc.Arbitrary<UpdateMessage> {
  const withdrawal = ipv4Routes(options, 'unreach', maxLength).map((withdrawn) =>
    message({ withdrawn }),
  );
  const announcement = fc
    .tuple(pathAttributes(options, true), ipv4Routes(options, 'reach', maxLength))
    .map(([attributes, nlri]) => message({ attributes, nlri }));
  const mpWithdrawal = anyFamily
    .chain((each) => mpUnreachOf(each, options, maxLength))
    .map((attribute) => message({ attributes: [attribute] }));
  const mpAnnouncement = anyFamily
    .chain((each) => fc.tuple(mpReachOf(each, options, maxLength), pathAttributes(options, false)))
    .map(([attribute, others]) => message({ attributes: [attribute, ...others] }));
  const withoutRoutes = pathAttributes(options, true).map((attributes) => message({ attributes }));
  return fc.oneof(
    fc.constant(message({})),
    withdrawal,
    announcement,
    mpWithdrawal,
    mpAnnouncement,
    withoutRoutes,
  );
}

/** Options, and a sound UPDATE for them. */
export const optionsAndUpdate: fc.Arbitrary<readonly [UpdateOptions, UpdateMessage]> =
  updateOptions.chain((options) => fc.tuple(fc.constant(options), updateMessage(options)));
