/**
 * Compact BGP route tables: {@link AdjRibIn} for what a peer announces, {@link AdjRibOut} for what it is told.
 *
 * @module
 */

export { AdjRibIn, type AdjRibInOptions } from './adjRibIn.ts';
export type { AdjRibInFamily } from './adjRibInFamily.ts';
export { AdjRibOut, type AdjRibOutOptions, type PendingListener } from './adjRibOut.ts';
export type { OutboundProcedures } from './adjRibOutFamily.ts';
export type { AdvertisedRoute } from './advertisedRoute.ts';
export { encodeAnnouncement } from './announcementBlock.ts';
export { type Announcement, AnnouncementTable, type Withdrawal } from './announcementTable.ts';
export {
  AttributeStore,
  type AttributeStoreStatistics,
  type BlockId,
  blockIdLimit,
  Verdict,
} from './attributeStore.ts';
export type { EntryId, EntryTable } from './entryTable.ts';
export type { AnnouncementListener, FamilyAnnouncements } from './familyAnnouncements.ts';
export type { StaleResumption, StaleRetention } from './gracefulRestart.ts';
export { Ipv4PrefixTable } from './ipv4PrefixTable.ts';
export { isMarkedLongLivedStale, withLongLivedStale } from './longLivedStale.ts';
export { NlriTable } from './nlriTable.ts';
export type { OutboundSession } from './outboundAttributes.ts';
export { copyPlainAnnouncement, longestAddition } from './plainAnnouncement.ts';
export { PrefixTable } from './prefixTable.ts';
export type { ReceivedRoute } from './receivedRoute.ts';
export { RibError, type RibErrorCode } from './ribError.ts';
export {
  type Reclaimable,
  RibStore,
  type RibStoreOptions,
  type RibStoreStatistics,
} from './ribStore.ts';
export { RouteColumn, type RoutePosition } from './routeColumn.ts';
export { type RouteKeyId, RouteKeyTable } from './routeKeyTable.ts';
export type { RoutePage, RouteQuery } from './routeQuery.ts';
export type { UpdateOutcome } from './updateOutcome.ts';
export type { ValidationContext } from './validationContext.ts';
