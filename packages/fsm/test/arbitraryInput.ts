import * as fc from 'fast-check';
import { type FsmInput, type FsmOptions, FsmTimer, resolveFsmOptions } from '../src/index.ts';
import { fault, gracefulRestart, localOptions, notice, peerOpen } from './speakers.ts';

/** Few numbers, so that inputs often speak of the same connection, dial or timer. */
const accepted = fc.integer({ min: 1, max: 4 });
const dialled = fc.integer({ min: 101, max: 104 });
const connection = fc.oneof(accepted, dialled, fc.constantFrom(0, -1, 4_294_967_295));
const dial = fc.integer({ min: 0, max: 5 });
const cause = fc.constantFrom('manual' as const, 'automatic' as const);
const octet = fc.integer({ min: 0, max: 255 });
const errno = fc.constantFrom('', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EWHATEVER');

export const arbitraryOptions: fc.Arbitrary<FsmOptions> = fc
  .record({
    profile: fc.constantFrom('classic' as const, 'rfc4271' as const),
    routerId: fc.constantFrom('192.0.2.1', '192.0.2.200', '192.0.2.2'),
    holdTime: fc.constantFrom(0, 3, 90),
    delayOpenTime: fc.constantFrom(0, 5),
    passive: fc.boolean(),
    dampPeerOscillations: fc.boolean(),
    allowAutomaticStart: fc.boolean(),
    allowAutomaticStop: fc.boolean(),
    trackTcpState: fc.boolean(),
    collisionDetectEstablishedState: fc.boolean(),
    sendNotificationWithoutOpen: fc.boolean(),
    capabilities: fc.constantFrom([], [gracefulRestart({ notification: true })]),
  })
  .map((changes) => ({ ...localOptions, ...changes }));

const notification = fc
  .tuple(
    fc.integer({ min: 0, max: 10 }),
    fc.integer({ min: 0, max: 12 }),
    fc.array(octet, { maxLength: 5 }),
  )
  .map(([code, subcode, data]) => notice(code, subcode, ...data));

/** Acceptable more often than not, so that sequences get somewhere. */
const open = fc.oneof(
  { weight: 5, arbitrary: fc.constant(peerOpen()) },
  {
    weight: 2,
    arbitrary: fc.constant(peerOpen({ capabilities: [gracefulRestart({ notification: true })] })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      peerOpen({ holdTime: 1 }),
      peerOpen({ myAs: 1 }),
      peerOpen({ version: 3 }),
    ),
  },
);

const message = fc.oneof(
  { weight: 4, arbitrary: open },
  { weight: 4, arbitrary: fc.constant({ kind: 'keepalive' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: 'update' as const }, { kind: 'routeRefresh' as const }),
  },
  { weight: 1, arbitrary: notification },
);

/** Any input at all, in whatever state: sensible, late, about things that never were, or out of range. */
export const arbitraryInput: fc.Arbitrary<FsmInput> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('start' as const), cause }) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        type: fc.constant('stop' as const),
        cause,
        subcode: octet,
        text: fc.string({ unit: 'grapheme', maxLength: 300 }),
        hard: fc.boolean(),
        restartAfter: fc.oneof(
          fc.constantFrom('never' as const, Number.NaN, Number.POSITIVE_INFINITY),
          fc.integer({ min: -5, max: 500 }),
        ),
      },
      { requiredKeys: ['type', 'cause'] },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('dialConnected' as const),
      dial,
      connection: dialled,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('dialFailed' as const), dial, errno, text: errno }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('connectionRequest' as const), valid: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('accepted' as const), connection: accepted }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('refused' as const), text: errno, remedy: errno }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('closed' as const), connection, errno, text: errno }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant('message' as const), connection, message }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('decodeError' as const),
      connection,
      fault: fc
        .tuple(fc.integer({ min: 0, max: 9 }), octet)
        .map(([code, subcode]) => fault(code, subcode)),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('timer' as const),
      timer: fc.constantFrom(...Object.values(FsmTimer)),
      connection,
      generation: fc.integer({ min: -1, max: 25 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('transmitProgress' as const),
      connection,
      unsentBytes: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('collisionDump' as const), connection }) },
  { weight: 1, arbitrary: fc.constant({ type: 'retryNow' as const }) },
  {
    weight: 1,
    arbitrary: fc.tuple(arbitraryOptions, fc.boolean()).map(([options, anew]) => ({
      type: 'options' as const,
      options: resolveFsmOptions(options),
      anew,
    })),
  },
);
