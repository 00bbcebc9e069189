/** A connection's two ends, as the operating system names them. */
export interface ConnectionEnds {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** What the two OPENs of a session agreed on, in the words of its people. */
export interface NegotiatedSession {
  /** Number of the session within its peer. */
  readonly session: number;
  readonly connection: number;
  readonly ends: ConnectionEnds;
  /** Whether we opened the TCP connection. */
  readonly dialled: boolean;
  readonly remoteAs: number;
  /** The peer's BGP Identifier, dotted quad. */
  readonly remoteRouterId: string;
  readonly peerType: 'internal' | 'external';
  /** Seconds; 0: no keepalives and no hold timer. */
  readonly holdTime: number;
  /** Seconds. */
  readonly keepaliveTime: number;
  /** Names, as in `PeerOptions.families`. */
  readonly families: readonly string[];
  readonly fourOctetAs: boolean;
  /** Octets that a message to us may have. */
  readonly maximumReceiveLength: number;
  /** Octets that a message from us may have. */
  readonly maximumSendLength: number;
  readonly routeRefresh: boolean;
  readonly enhancedRouteRefresh: boolean;
  /** Families in which the peer may send us, or we the peer, several paths (RFC 7911). */
  readonly addPathReceive: readonly string[];
  readonly addPathSend: readonly string[];
  readonly extendedNextHop: readonly string[];
  /** What the peer announced of graceful restart (RFC 4724, RFC 8538), when both did. */
  readonly gracefulRestart?: {
    readonly restarting: boolean;
    readonly notification: boolean;
    readonly restartTime: number;
    readonly families: readonly string[];
  };
  /** Families that stay long-lived stale, with the seconds that the peer asked for (RFC 9494). */
  readonly longLivedGracefulRestart?: Readonly<Record<string, number>>;
  /** The peer's role (RFC 9234). */
  readonly remoteRole?: string;
  /** The peer's name and software, where it told. */
  readonly fqdn?: string;
  readonly softwareVersion?: string;
}

/** A NOTIFICATION, or another end of a session, as people read it. */
export interface ErrorReport {
  /** Milliseconds since the UNIX epoch. */
  readonly time: number;
  /** Whether the error was ours to report (`sent`), the peer's (`received`), or the system's (`local`). */
  readonly direction: 'sent' | 'received' | 'local';
  /** Error code and subcode (RFC 4271 §4.5); absent for what no NOTIFICATION told. */
  readonly code?: number;
  readonly subcode?: number;
  /** For example `Cease/Administrative Shutdown`. */
  readonly name: string;
  /** Its data in hex, where it had any. */
  readonly data?: string;
  /** The shutdown communication (RFC 9003), or what was wrong, with the section that says so. */
  readonly text: string;
}

/** How a session ended. */
export interface SessionEnd {
  readonly session: number;
  /** RFC 4271 §8.1 number of the event that ended it. */
  readonly event: number;
  readonly why: string;
  readonly error?: ErrorReport;
  /** Seconds that it lasted. */
  readonly uptime: number;
  /** Whether the peer's routes are kept as stale (RFC 4724). */
  readonly stale: boolean;
}
