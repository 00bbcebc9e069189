/**
 * What is announced, as it crosses to actor hosts and is kept for those that are made anew: the part of this
 * package that runs beside the supervisor, and loads nothing of an actor.
 *
 * @packageDocumentation
 */

export {
  announceInPacks,
  packAnnouncements,
  packWithdrawals,
  withdrawInPacks,
} from './announcementPacker.ts';
export {
  type AnnouncementScope,
  type AnnouncementStep,
  AnnouncementStore,
} from './announcementStore.ts';
export { Tally } from './tally.ts';
