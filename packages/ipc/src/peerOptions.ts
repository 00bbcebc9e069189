/**
 * Everything that one peer can be told, as plain data that crosses a thread boundary. The supervisor
 * fills in what the user left out from {@link peerOptionDefaults}, groups and ranges; an actor gets
 * the whole. Times are seconds unless the name says otherwise.
 */
export interface PeerOptions {
  /** The neighbour's IPv4 or IPv6 address, canonical text. */
  readonly address: string;
  /** The neighbour's TCP port, 1–65535. */
  readonly port: number;
  /** The local address to dial from ("update source"); the system chooses when it is not given. */
  readonly sourceAddress?: string;
  /** Our AS, 1–4294967295. */
  readonly localAs: number;
  /** Its AS; or any that is not ours (`external`), or ours (`internal`). */
  readonly remoteAs: number | 'external' | 'internal';
  /** Our BGP Identifier, dotted quad, not 0.0.0.0 (RFC 6286 §2.1). */
  readonly routerId: string;
  /** For people. */
  readonly description: string;
  /** Wait for the neighbour to connect and never dial (PassiveTcpEstablishment, RFC 4271 §8.1.1). */
  readonly passive: boolean;
  /** Administratively down: configured, but not started. A text becomes the RFC 9003 communication. */
  readonly shutdown: boolean | string;
  /** The neighbour was not listed but matched a listen range. */
  readonly dynamic: boolean;

  /** IP TTL of what we send to an external neighbour, 1–255; `multihop` is the same under another name. */
  readonly ttl?: number;
  /** The neighbour may be this many hops away, 1–255: sets the TTL to it. */
  readonly multihop?: number;
  /** GTSM (RFC 5082): send with TTL 255 and refuse packets from more than this many hops away, 1–254. */
  readonly ttlSecurity?: number;
  /** TCP MD5 password (RFC 2385), 1–80 octets of UTF-8. */
  readonly password?: string;

  /** Hold time that we propose: 0 (no keepalives) or 3–65535 (RFC 4271 §4.2). */
  readonly holdTime: number;
  /** Longest time between our KEEPALIVEs; a third of the negotiated hold time when not given, and never more. */
  readonly keepaliveTime?: number;
  /** ConnectRetryTime (RFC 4271 §8.1.1), jittered down to three quarters. */
  readonly connectRetryTime: number;
  /** Wait in Idle after the second failure in a row; it doubles with each further one (IdleHoldTime). */
  readonly idleHoldTime: number;
  /** The longest that the wait in Idle grows to. */
  readonly idleHoldTimeMaximum: number;
  /**
   * Ends a session whose peer takes nothing from us for so long: 0 switches it off, else more than the
   * hold time; when not given, the greater of 8 minutes and twice the hold time (RFC 9687 §4.4).
   */
  readonly sendHoldTime?: number;
  /** Wait for the peer's OPEN before we send ours (DelayOpenTime); 0 switches it off. */
  readonly delayOpenTime: number;
  /** Which state machine where the study texts and RFC 4271 §8.2.2 differ. */
  readonly profile: 'classic' | 'rfc4271';

  /** Families to negotiate, by name: `ipv4-unicast`, `ipv6-unicast`, … */
  readonly families: readonly string[];
  /** What our OPEN announces. */
  readonly capabilities: CapabilityOptions;
  /** Prefixes to accept; no limit when not given. */
  readonly maximumPrefixes?: MaximumPrefixesOptions;

  /** Compare with an Established session too when the neighbour connects again (RFC 4271 §6.8). */
  readonly collisionDetectEstablishedState: boolean;
  /** AllowAutomaticStart (RFC 4271 §8.1.1): come back without an operator after a failure. */
  readonly allowAutomaticStart: boolean;
  /** AllowAutomaticStop: the implementation may end the session (maximum prefixes). */
  readonly allowAutomaticStop: boolean;
  /** DampPeerOscillations: wait in Idle as `idleHoldTime` says. */
  readonly dampPeerOscillations: boolean;
  /** TrackTcpState: be told of connections that are still being made. */
  readonly trackTcpState: boolean;
  /** SendNOTIFICATIONwithoutOPEN: report a fault even where no OPEN has been sent. */
  readonly sendNotificationWithoutOpen: boolean;

  /** Keep what the peer announces in an Adj-RIB-In; without it routes are only counted and handed on. */
  readonly storeRoutes: boolean;
}

/** What peers may have in common: all that one is told, but for its address. One object can be that of many. */
export type CommonPeerOptions = Omit<PeerOptions, 'address'>;

/** Capabilities of our OPEN, switched one by one. */
export interface CapabilityOptions {
  /** RFC 4760 §8, one for each of `families`; without it the session carries IPv4 unicast alone. */
  readonly multiprotocol: boolean;
  /** RFC 2918. */
  readonly routeRefresh: boolean;
  /** RFC 7313. */
  readonly enhancedRouteRefresh: boolean;
  /** RFC 6793. */
  readonly fourOctetAs: boolean;
  /** RFC 8654. */
  readonly extendedMessage: boolean;
  /** RFC 4724. */
  readonly gracefulRestart: false | GracefulRestartOptions;
  /** RFC 9494; needs graceful restart. */
  readonly longLivedGracefulRestart: false | LongLivedGracefulRestartOptions;
  /** RFC 7911, by family name: what we can do. */
  readonly addPath: Readonly<Record<string, 'send' | 'receive' | 'both'>>;
  /** RFC 8950: families (of IPv4) whose routes may have an IPv6 next hop. */
  readonly extendedNextHop: readonly string[];
  /** RFC 9234: our part in the relation, announced to external peers, and what OTC goes by on routes to them; neither when not given. */
  readonly role?: 'provider' | 'rs' | 'rs-client' | 'customer' | 'peer';
  /** RFC 9234 §4.2: refuse a neighbour that announces no role. */
  readonly roleStrict: boolean;
  /** Our name. */
  readonly fqdn: false | { readonly hostname: string; readonly domain: string };
  /** Our software and its version, as text of at most 64 octets. */
  readonly softwareVersion: false | string;
  /** Paths for one prefix that we accept, by family name (paths-limit, beside ADD-PATH). */
  readonly pathsLimit: Readonly<Record<string, number>>;
}

/** RFC 4724: what we ask of the peer when we restart, and what we do when it does. */
export interface GracefulRestartOptions {
  /** How long the peer should wait for us, 0–4095 seconds. */
  readonly restartTime: number;
  /** Families that we ask the peer to keep for us. None: we only keep the peer's ("helper"). */
  readonly families: readonly string[];
  /** The forwarding state of those families outlives us (F bit). */
  readonly forwarding: boolean;
  /** Keep routes over a NOTIFICATION or an expired hold timer too (N bit, RFC 8538). */
  readonly notification: boolean;
  /** Longest time that a peer's stale routes are kept once it is back and sends no End-of-RIB. */
  readonly staleTime: number;
  /** As the one that restarted: longest wait for the peers' End-of-RIB before we send our routes. */
  readonly selectionDeferralTime: number;
}

/** RFC 9494: keep a peer's routes, depreferenced, long after graceful restart has given up. */
export interface LongLivedGracefulRestartOptions {
  /** How long peers may keep ours, 0–16777215 seconds; also the most we grant to theirs. */
  readonly staleTime: number;
}

/** How many prefixes a peer may announce in each family (RFC 4486 Cease/1). */
export interface MaximumPrefixesOptions {
  /** Prefixes per family. */
  readonly limit: number;
  /** Another limit for some families, by name. */
  readonly families?: Readonly<Record<string, number>>;
  /** Share of the limit at which a warning is given, 1–100. */
  readonly warningPercent: number;
  /** What happens beyond the limit: a warning, or Cease/Maximum Number of Prefixes Reached. */
  readonly action: 'warn' | 'shutdown';
  /** Seconds after a Cease until the peer is started again; never when not given. */
  readonly restartTime?: number;
}

/** What must be said of a peer; everything else has a default. */
export type RequiredPeerOption = 'address' | 'localAs' | 'remoteAs' | 'routerId';

/** What {@link GracefulRestartOptions} are unless told otherwise: a helper, that asks for nothing itself. */
export const gracefulRestartDefaults: GracefulRestartOptions = {
  restartTime: 120,
  families: [],
  forwarding: false,
  notification: true,
  staleTime: 360,
  selectionDeferralTime: 360,
};

/** What a peer is unless it is told otherwise: the one place where defaults stand. */
export const peerOptionDefaults: Omit<PeerOptions, RequiredPeerOption> = {
  port: 179,
  description: '',
  passive: false,
  shutdown: false,
  dynamic: false,
  // RFC 4271 §10 suggests 90 and 120; deployed routers come back sooner than 120.
  holdTime: 90,
  connectRetryTime: 30,
  idleHoldTime: 60,
  idleHoldTimeMaximum: 960,
  delayOpenTime: 0,
  profile: 'classic',
  families: ['ipv4-unicast'],
  capabilities: {
    multiprotocol: true,
    routeRefresh: true,
    enhancedRouteRefresh: true,
    fourOctetAs: true,
    extendedMessage: true,
    gracefulRestart: gracefulRestartDefaults,
    longLivedGracefulRestart: false,
    addPath: {},
    extendedNextHop: [],
    roleStrict: false,
    fqdn: false,
    softwareVersion: false,
    pathsLimit: {},
  },
  collisionDetectEstablishedState: false,
  allowAutomaticStart: true,
  allowAutomaticStop: true,
  dampPeerOscillations: true,
  trackTcpState: false,
  sendNotificationWithoutOpen: true,
  storeRoutes: true,
};

/** What {@link MaximumPrefixesOptions} are unless told otherwise. */
export const maximumPrefixesDefaults: Omit<MaximumPrefixesOptions, 'limit'> = {
  warningPercent: 75,
  action: 'shutdown',
};
