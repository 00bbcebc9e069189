import type { ConnectionEnds } from '@peerloom/ipc';
import { formatEndpoint } from './address.ts';
import type { EngineEvent } from './engineEvent.ts';
import type { EventHub } from './eventHub.ts';
import type { RefusalReason } from './metrics.ts';
import type { PeerRecord } from './peerRecord.ts';

/** Seconds for which what comes after the first is gathered. */
const interval = 10;
/** Addresses that are told apart in that time: so much memory, whatever comes. */
const mostAddresses = 1000;
/** Addresses that are named. */
const mostNamed = 3;

/** What a host tells of it; `json`: its particulars. */
interface Fault {
  readonly time: number;
  readonly code: string;
  readonly text: string;
  readonly json: string;
}

/** How many times something has happened, and from how many addresses. */
interface Tally {
  readonly count: number;
  readonly addresses: number;
  /** The same in words: `12 more in the last 10 s, from 192.0.2.1`; `undefined` for the first. */
  readonly more: string | undefined;
}

/** Makes the event for what has happened: once, or as often as the tally says, it being the last of them. */
type Tell = (tally: Tally) => EngineEvent;

/** What happens after the first time, until the interval is over. */
interface Gathering {
  count: number;
  readonly addresses: Set<string>;
  last: Tell | undefined;
  readonly timer: NodeJS.Timeout;
}

const first: Tally = { count: 1, addresses: 1, more: undefined };

/**
 * What anybody can have happen who reaches our port, and a neighbour who is refused, again and again: told at once
 * the first time, and then together, a sentence for each interval. Whoever follows the events would else hear of
 * nothing else.
 */
export class Strangers {
  readonly #events: EventHub;
  /** By what happens: refusals by reason and listed neighbour, the rest by range. */
  readonly #gathered = new Map<string, Gathering>();

  constructor(events: EventHub) {
    this.#events = events;
  }

  /** A connection was closed at once. `listed`: the neighbour whose it is, if it is one of the configuration. */
  refused(reason: RefusalReason, ends: ConnectionEnds, why: string, listed?: PeerRecord): void {
    const from = formatEndpoint(ends.remoteAddress, ends.remotePort);
    const key = listed === undefined ? reason : `${reason} ${listed.key}`;
    this.#happened(key, ends.remoteAddress, ({ count, addresses, more }) => ({
      kind: 'refused',
      time: Date.now(),
      ...(listed !== undefined && { peer: listed.face }),
      reason,
      text:
        more === undefined
          ? `refused the connection from ${from}: ${why}`
          : `refused connections: ${more}; the last from ${from}: ${why}`,
      count,
      addresses,
      ends,
    }));
  }

  /** A connection from a range has ended, and the peer has never had a session. */
  fruitless({ face: peer, range }: PeerRecord, ends: ConnectionEnds): void {
    const from = formatEndpoint(ends.remoteAddress, ends.remotePort);
    const { text: prefix } = range!.range;
    this.#happened(`fruitless ${prefix}`, ends.remoteAddress, ({ count, addresses, more }) => ({
      kind: 'notice',
      time: Date.now(),
      peer,
      code: 'connection-without-session',
      text:
        more === undefined
          ? `the connection from ${from}, of range ${prefix}, ended before a session was Established`
          : `connections of range ${prefix} that ended before a session was Established: ${more}; the last from ${from}`,
      details: { range: prefix, count, addresses },
    }));
  }

  /** A peer of a range that has never had a session has sent what is wrong. */
  faulty({ face: peer, address, range }: PeerRecord, { time, code, text, json }: Fault): void {
    const { text: prefix } = range!.range;
    this.#happened(`faulty ${prefix}`, address, ({ count, addresses, more }) => ({
      kind: 'notice',
      time: more === undefined ? time : Date.now(),
      peer,
      code,
      text:
        more === undefined
          ? text
          : `faults of neighbours of range ${prefix} without a session: ${more}; the last: ${text}`,
      details: { ...(JSON.parse(json) as object), range: prefix, count, addresses },
    }));
  }

  /** Tells what is gathered, and gathers no more. */
  end(): void {
    for (const [key, gathering] of this.#gathered) {
      clearInterval(gathering.timer);
      this.#tell(key, gathering);
    }
    this.#gathered.clear();
  }

  #happened(key: string, address: string, tell: Tell): void {
    const gathering = this.#gathered.get(key);
    if (gathering !== undefined) {
      gathering.count += 1;
      if (gathering.addresses.size < mostAddresses) gathering.addresses.add(address);
      gathering.last = tell;
      return;
    }
    const fresh: Gathering = {
      count: 0,
      addresses: new Set(),
      last: undefined,
      timer: setInterval(() => this.#tell(key, fresh), interval * 1000).unref(),
    };
    this.#gathered.set(key, fresh);
    this.#events.emit(() => tell(first));
  }

  /** Once nothing has happened for an interval, the next time is a first time again. */
  #tell(key: string, gathering: Gathering): void {
    const { count, addresses, last, timer } = gathering;
    if (last === undefined) {
      clearInterval(timer);
      this.#gathered.delete(key);
      return;
    }
    this.#events.emit(() => last({ count, addresses: addresses.size, more: moreText(gathering) }));
    gathering.count = 0;
    gathering.addresses.clear();
    gathering.last = undefined;
  }
}

/** `12 more in the last 10 s, from 4 addresses such as 192.0.2.1, 192.0.2.2, 192.0.2.3` */
function moreText({ count, addresses }: Gathering): string {
  const named = [...addresses].slice(0, mostNamed).join(', ');
  const { size } = addresses;
  const atLeast = size === mostAddresses ? `at least ${size}` : `${size}`;
  const from = size > mostNamed ? `${atLeast} addresses such as ${named}` : named;
  return `${count} more in the last ${interval} s, from ${from}`;
}
