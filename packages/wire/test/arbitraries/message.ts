import * as fc from 'fast-check';
import type {
  KeepaliveMessage,
  NotificationMessage,
  OpenMessage,
  OptionalParameter,
  RouteRefreshMessage,
} from '../../src/index.ts';
import { capability, u8, u16 } from './capability.ts';

const otherParameter: fc.Arbitrary<OptionalParameter> = fc.record({
  type: u8.filter((type) => type !== 2 && type !== 255),
  value: fc.uint8Array({ maxLength: 40 }),
});

/** Any OPEN that fits 4096 octets: some need the extended form of the Optional Parameters Length. */
export const openMessage: fc.Arbitrary<OpenMessage> = fc.record(
  {
    kind: fc.constant('open' as const),
    version: fc.constant(4),
    myAs: u16,
    holdTime: u16,
    bgpIdentifier: fc.ipV4(),
    capabilities: fc.array(capability, { maxLength: 12 }),
    otherParameters: fc.array(otherParameter, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['kind', 'version', 'myAs', 'holdTime', 'bgpIdentifier', 'capabilities'] },
);

/** Any KEEPALIVE: there is one. */
export const keepaliveMessage: fc.Arbitrary<KeepaliveMessage> = fc.record({
  kind: fc.constant('keepalive' as const),
});

/** Any NOTIFICATION that fits 4096 octets. */
export const notificationMessage: fc.Arbitrary<NotificationMessage> = fc.record({
  kind: fc.constant('notification' as const),
  code: u8,
  subcode: u8,
  data: fc.uint8Array({ maxLength: 4075, size: 'medium' }),
});

/** Any ROUTE-REFRESH; those of subtype 1 and 2 have nothing after the fixed part (RFC 7313 §5). */
export const routeRefreshMessage: fc.Arbitrary<RouteRefreshMessage> = fc
  .record(
    {
      kind: fc.constant('routeRefresh' as const),
      afi: u16,
      safi: u8,
      subtype: fc.oneof(fc.integer({ min: 0, max: 2 }), u8),
      orf: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    },
    { requiredKeys: ['kind', 'afi', 'safi', 'subtype'] },
  )
  .map(({ orf, ...message }) =>
    orf === undefined || message.subtype === 1 || message.subtype === 2
      ? message
      : { ...message, orf },
  );
