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
  /** OPENs. */
  readonly open: number;
  /** UPDATEs, End-of-RIB markers included. */
  readonly update: number;
  /** NOTIFICATIONs. */
  readonly notification: number;
  /** KEEPALIVEs. */
  readonly keepalive: number;
  /** ROUTE-REFRESHes, BoRR and EoRR included. */
  readonly routeRefresh: number;
  /** All of these. */
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
  /** To be announced, and impossible to send in this session: how many, and why the last of them; absent without any. */
  readonly unsendable?: { readonly routes: number; readonly reason: string };
  /** To be announced or withdrawn, not yet sent. */
  readonly pending: number;
  /** Most that may be received; absent without a limit. */
  readonly maximum?: number;
}

/** What malformed input has led to (RFC 7606 §2), since the peer was added. */
export interface FaultCounts {
  /** Sessions that had to end. */
  readonly sessionReset: number;
  /** Families taken out of a session. */
  readonly afiSafiDisable: number;
  /** UPDATEs whose routes were withdrawn. */
  readonly treatAsWithdraw: number;
  /** UPDATEs that lost an attribute. */
  readonly attributeDiscard: number;
}

/** Why a session is not up, found from what the actor has seen. */
export interface StuckReason {
  /**
   * Stable, for programs: `stopped`, `passive`, `refused`, `no-answer`, `unreachable`, `source-address`,
   * `dial-failed`, `closed-before-open`, `closed-after-open`, `connected-and-closed`, `silent`, `unconfirmed`,
   * `wrong-as`, `open-rejected`, `open-refused`, `notification`, `maximum-prefixes`, `refused-here`, `session-lost`, `md5`,
   * `ttl`, `worker`.
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
  /** The capabilities that we sent, readable, for `show ip bgp neighbors`. */
  readonly capabilitiesSent: readonly string[];
  /** The capabilities that the peer sent. */
  readonly capabilitiesReceived: readonly string[];
}

/** Seconds until each timer that runs fires. */
export type TimersLeft = Readonly<Record<string, number>>;

/** One peer as it stands: what `show ip bgp neighbors` prints. Times are milliseconds since the epoch. */
export interface PeerSnapshot {
  /** Its number in the engine. */
  readonly peer: number;
  /** IPv4 or IPv6, canonical text. */
  readonly address: string;
  /** As configured; empty when it is not. */
  readonly description: string;
  /** Our AS towards this peer. */
  readonly localAs: number;
  /** As configured. */
  readonly remoteAs: number | 'external' | 'internal';
  /** That of its most advanced connection. */
  readonly state: PeerStateName;
  /** Administratively down. */
  readonly shutdown: boolean;
  /** The text that the shutdown was given, empty without one. */
  readonly shutdownText: string;
  /** When the state last changed. */
  readonly stateSince: number;
  /** Connections that exist now, with the state of each. */
  readonly connections: readonly (ConnectionEnds & {
    readonly connection: number;
    readonly dialled: boolean;
  })[];
  /** Absent unless Established. */
  readonly session: SessionSnapshot | undefined;
  /** Messages from the peer. */
  readonly received: MessageCounts;
  /** Messages to the peer. */
  readonly sent: MessageCounts;
  /** By family name. */
  readonly prefixes: Readonly<Record<string, PrefixCounts>>;
  /** Times that the session came up. */
  readonly established: number;
  /** Times that it went down. */
  readonly flaps: number;
  /** The last NOTIFICATION to the peer. */
  readonly lastErrorSent: ErrorReport | undefined;
  /** The last NOTIFICATION from the peer. */
  readonly lastErrorReceived: ErrorReport | undefined;
  /** Whatever ended the last session or attempt. */
  readonly lastError: ErrorReport | undefined;
  /** What malformed messages of the peer have led to. */
  readonly faults: FaultCounts;
  /** The last thing that RFC 7606 had to do, in words. */
  readonly lastFault: string | undefined;
  /** Seconds left, by name of the timer. */
  readonly timers: TimersLeft;
  /** Octets received and not yet read. */
  readonly inputQueue: number;
  /** Octets handed to the supervisor and not yet taken by the kernel. */
  readonly outputQueue: number;
  /** Why the session is not up; absent while it is, or when nothing has gone wrong. */
  readonly stuckReason: StuckReason | undefined;
  /** Calls to the handler that threw. */
  readonly handlerErrors: number;
  /** Milliseconds that the slowest call to the handler took. */
  readonly handlerSlowest: number;
}
