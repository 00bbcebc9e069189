import type { MessageCounts, PeerSnapshot } from '@peerloom/ipc';
import type { PeerRecord } from './peerRecord.ts';

const noMessages: MessageCounts = {
  open: 0,
  update: 0,
  notification: 0,
  keepalive: 0,
  routeRefresh: 0,
  total: 0,
  bytes: 0,
};

/** What there is to say of a peer while it has no actor: its worker has died, and another one is not there yet. */
export function absentSnapshot({ id, address, options, slot }: PeerRecord): PeerSnapshot {
  const { description, localAs, remoteAs, shutdown } = options;
  const since = slot?.downSince ?? 0;
  return {
    peer: id,
    address,
    description,
    localAs,
    remoteAs,
    state: 'Idle',
    shutdown: shutdown !== false,
    shutdownText: typeof shutdown === 'string' ? shutdown : '',
    stateSince: since,
    connections: [],
    session: undefined,
    received: noMessages,
    sent: noMessages,
    prefixes: {},
    established: 0,
    flaps: 0,
    lastErrorSent: undefined,
    lastErrorReceived: undefined,
    lastError: undefined,
    faults: { sessionReset: 0, afiSafiDisable: 0, treatAsWithdraw: 0, attributeDiscard: 0 },
    lastFault: undefined,
    timers: {},
    inputQueue: 0,
    outputQueue: 0,
    stuckReason: {
      code: 'worker',
      text: absence(slot),
      remedy: 'look into the events for what became of its worker',
      times: 0,
      since,
    },
    handlerErrors: 0,
    handlerSlowest: 0,
  };
}

function absence(slot: PeerRecord['slot']): string {
  if (slot === undefined) return 'it has just come, and has no worker yet';
  return slot.link === undefined
    ? 'its worker is being replaced'
    : 'its worker could not make an actor for it';
}
