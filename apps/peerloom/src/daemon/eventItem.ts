import type { EngineEvent, Peer, Session } from '@peerloom/supervisor';
import type { EventItem } from '../control/methods.ts';
import { countText } from '../print/count.ts';
import { errorLine } from '../print/summary.ts';

/** An event of the engine as plain data, with words for people. */
export function eventItem(event: EngineEvent): EventItem {
  const {
    time,
    kind,
    peer,
    session: _session,
    ...details
  } = event as EngineEvent & {
    readonly peer?: Peer;
    readonly session?: Session;
  };
  return {
    time,
    kind,
    ...(peer !== undefined && { neighbor: peer.address }),
    text: eventText(event),
    details,
  };
}

/** An event in words for people. */
export function eventText(event: EngineEvent): string {
  switch (event.kind) {
    case 'transition':
      return `${event.from} -> ${event.to}: ${event.why}`;
    case 'sessionUp': {
      const { remoteAs, families, holdTime, dialled } = event.negotiated;
      const by = dialled ? 'us' : 'the neighbor';
      return `session up: AS ${remoteAs}, ${families.join(', ')}, hold time ${holdTime} s, dialled by ${by}`;
    }
    case 'sessionDown': {
      const { uptime, why, error, stale } = event.end;
      const kept = stale ? '; its routes are kept as stale' : '';
      return `session down after ${Math.round(uptime)} s: ${error ? errorLine(error) : why}${kept}`;
    }
    case 'notice':
    case 'refused':
      return event.text;
    case 'collision':
      return `connection collision: ${event.why}`;
    case 'peerAdded':
      return 'neighbor added';
    case 'peerChanged':
      return event.reset === true ? 'neighbor changed; its session ended' : 'neighbor changed';
    case 'peerRemoved':
      return 'neighbor removed';
    case 'workerDown':
      return `worker ${event.worker} died, and with it ${countText(event.peers, 'session')}: ${event.reason}; it starts again in ${event.restartIn} ms`;
    case 'workerUp':
      return `worker ${event.worker} is up, with ${countText(event.peers, 'neighbor')}`;
    default:
      return `${event.count} events are missing here: they came faster than they were read`;
  }
}
