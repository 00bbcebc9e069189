/** A connection's two ends, as the operating system names them. */
export interface ConnectionEnds {
  /** Ours: IPv4 or IPv6, canonical text. */
  readonly localAddress: string;
  /** 1–65535; not 179 where we dialled. */
  readonly localPort: number;
  /** The peer's: IPv4 or IPv6, canonical text. */
  readonly remoteAddress: string;
  /** 1–65535. */
  readonly remotePort: number;
}

/** What the two OPENs of a session agreed on, in the words of its people. */
export interface NegotiatedSession extends SessionAgreement {
  /** Number of the session within its peer. */
  readonly session: number;
  /** Number of its connection within the engine; none is used twice. */
  readonly connection: number;
  /** The two ends of that connection. */
  readonly ends: ConnectionEnds;
  /** Whether we opened the TCP connection. */
  readonly dialled: boolean;
  /** The peer's AS, from its 4-octet AS capability where it has one (RFC 6793). */
  readonly remoteAs: number;
  /** The peer's BGP Identifier, dotted quad. */
  readonly remoteRouterId: string;
}

/** What many sessions agree on alike. */
export interface SessionAgreement {
  /** Whether its AS is ours. */
  readonly peerType: 'internal' | 'external';
  /** Seconds; 0: no keepalives and no hold timer. */
  readonly holdTime: number;
  /** Seconds. */
  readonly keepaliveTime: number;
  /** Names, as in `PeerOptions.families`. */
  readonly families: readonly string[];
  /** AS numbers in UPDATEs have 4 octets (RFC 6793). */
  readonly fourOctetAs: boolean;
  /** Octets that a message to us may have. */
  readonly maximumReceiveLength: number;
  /** Octets that a message from us may have. */
  readonly maximumSendLength: number;
  /** Either side may ask for routes again (RFC 2918). */
  readonly routeRefresh: boolean;
  /** A refresh is marked where it begins and ends (RFC 7313). */
  readonly enhancedRouteRefresh: boolean;
  /** Families in which the peer may send us several paths (RFC 7911). */
  readonly addPathReceive: readonly string[];
  /** Families in which we may send the peer several paths. */
  readonly addPathSend: readonly string[];
  /** Families whose routes may have an IPv6 next hop (RFC 8950). */
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
  /** The peer's name, where it told. */
  readonly fqdn?: string;
  /** The peer's software, where it told. */
  readonly softwareVersion?: string;
}

/** A NOTIFICATION, or another end of a session, as people read it. */
export interface ErrorReport {
  /** Milliseconds since the UNIX epoch. */
  readonly time: number;
  /** Whether the error was ours to report (`sent`), the peer's (`received`), or the system's (`local`). */
  readonly direction: 'sent' | 'received' | 'local';
  /** Error code (RFC 4271 §4.5); absent for what no NOTIFICATION told. */
  readonly code?: number;
  /** Error subcode, along with the code. */
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
  /** Number of the session within its peer. */
  readonly session: number;
  /** RFC 4271 §8.1 number of the event that ended it. */
  readonly event: number;
  /** What that event was, in words. */
  readonly why: string;
  /** The error that ended it, where there was one. */
  readonly error?: ErrorReport;
  /** Seconds that it lasted. */
  readonly uptime: number;
  /** Whether the peer's routes are kept as stale (RFC 4724). */
  readonly stale: boolean;
}
