import type { ConnectionEnds, ErrorReport, NegotiatedSession } from './negotiatedSession.ts';

/** The six states of RFC 4271 §8.2.2, as people write them. */
export type PeerStateName =
  | 'Idle'
  | 'Connect'
  | 'Active'
  | 'OpenSent'
  | 'OpenConfirm'
  | 'Established';

/** Messages by type, since the peer was added. */
export interface MessageCounts {
  readonly open: number;
  readonly update: number;
  readonly notification: number;
  readonly keepalive: number;
  readonly routeRefresh: number;
  readonly total: number;
  /** Octets, headers included. */
  readonly bytes: number;
}

/** One family's routes. */
export interface PrefixCounts {
  /** In the Adj-RIB-In. */
  readonly received: number;
  /** Of these: kept over a restart and not yet announced again (RFC 4724). */
  readonly stale: number;
  /** Announced to the peer. */
  readonly advertised: number;
  /** To be announced or withdrawn, not yet sent. */
  readonly pending: number;
  /** Most that may be received; absent without a limit. */
  readonly maximum?: number;
}

/** What malformed input has led to (RFC 7606 §2), since the peer was added. */
export interface FaultCounts {
  readonly sessionReset: number;
  readonly afiSafiDisable: number;
  readonly treatAsWithdraw: number;
  readonly attributeDiscard: number;
}

/** Why a session is not up, found from what the actor has seen. */
export interface StuckReason {
  /**
   * Stable, for programs: `stopped`, `passive`, `refused`, `no-answer`, `unreachable`, `source-address`,
   * `dial-failed`, `closed-before-open`, `silent`, `wrong-as`, `open-rejected`, `open-refused`,
   * `notification`, `session-lost`, `md5`, `ttl`.
   */
  readonly code: string;
  /** One sentence that says what was seen and what it most likely means. */
  readonly text: string;
  /** What would be right, in the words of the configuration. */
  readonly remedy: string;
  /** Attempts that have failed since the peer was started (ConnectRetryCounter, RFC 4271 §8). */
  readonly times: number;
  /** Milliseconds since the UNIX epoch, of when this became the reason. */
  readonly since: number;
}

/** The session that is Established. */
export interface SessionSnapshot extends NegotiatedSession {
  /** Seconds. */
  readonly uptime: number;
  /** Families that RFC 7606 has taken out of the session. */
  readonly disabledFamilies: readonly string[];
  /** The capabilities as each side sent them, readable, for `show ip bgp neighbors`. */
  readonly capabilitiesSent: readonly string[];
  readonly capabilitiesReceived: readonly string[];
}

/** Seconds until each timer that runs fires. */
export type TimersLeft = Readonly<Record<string, number>>;

/** One peer as it stands: what `show ip bgp neighbors` prints. Times are milliseconds since the epoch. */
export interface PeerSnapshot {
  readonly peer: number;
  readonly address: string;
  readonly description: string;
  readonly localAs: number;
  /** As configured. */
  readonly remoteAs: number | 'external' | 'internal';
  readonly state: PeerStateName;
  /** Administratively down; the text that it was given is in `shutdownText`. */
  readonly shutdown: boolean;
  readonly shutdownText: string;
  /** When the state last changed. */
  readonly stateSince: number;
  /** Connections that exist now, with the state of each. */
  readonly connections: readonly (ConnectionEnds & {
    readonly connection: number;
    readonly dialled: boolean;
  })[];
  readonly session: SessionSnapshot | undefined;
  readonly received: MessageCounts;
  readonly sent: MessageCounts;
  /** By family name. */
  readonly prefixes: Readonly<Record<string, PrefixCounts>>;
  /** Times that the session came up, and times that it went down. */
  readonly established: number;
  readonly flaps: number;
  readonly lastErrorSent: ErrorReport | undefined;
  readonly lastErrorReceived: ErrorReport | undefined;
  /** Whatever ended the last session or attempt. */
  readonly lastError: ErrorReport | undefined;
  readonly faults: FaultCounts;
  /** The last thing that RFC 7606 had to do, in words. */
  readonly lastFault: string | undefined;
  readonly timers: TimersLeft;
  /** Octets: received and not yet read; handed to the supervisor and not yet taken by the kernel. */
  readonly inputQueue: number;
  readonly outputQueue: number;
  /** Why the session is not up; absent while it is, or when nothing has gone wrong. */
  readonly stuckReason: StuckReason | undefined;
  readonly handlerErrors: number;
  /** Milliseconds that the slowest call to the handler took. */
  readonly handlerSlowest: number;
}
