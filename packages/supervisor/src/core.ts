import type { CommonPeerOptions } from '@peerloom/ipc';
import type { EngineLimits } from './engineOptions.ts';
import type { EventHub } from './eventHub.ts';
import type { SupervisorCounters } from './metrics.ts';
import type { PeerRecord, RangeRecord } from './peerRecord.ts';
import type { PeerRegistry } from './peerRegistry.ts';
import type { Strangers } from './strangers.ts';

/** What the parts of the supervisor share. */
export interface Core {
  readonly limits: EngineLimits;
  readonly counters: SupervisorCounters;
  readonly events: EventHub;
  readonly strangers: Strangers;
  readonly peers: PeerRegistry;
  /** Set once, when the engine begins to close. */
  closing: boolean;
  /** That a peer, or all, can still be told anything. @throws PeerloomError */
  assertThere(scope: PeerRecord | 'all'): void;
  /** Makes the record of a peer, and nothing else. */
  newRecord(
    address: string,
    options: CommonPeerOptions,
    range: RangeRecord | undefined,
  ): PeerRecord;
}

/** The peer is to stay down, whoever wants it up. */
export function isShutDown(record: PeerRecord): boolean {
  return record.options.shutdown !== false;
}
