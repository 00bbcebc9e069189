/** The device under test. */
export interface Target {
  /** An IPv4 or IPv6 address. */
  readonly address: string;
  readonly port: number;
  /** Its AS number; absent: whatever its OPEN says, taken for external until then. */
  readonly remoteAs?: number;
  /** Its process, for CPU and memory; its children are counted with it. */
  readonly pid?: number;
}

/** What a speaker does: announce routes, receive them, or both. */
export type SpeakerRole = 'source' | 'sink' | 'both';

/** Speakers that are alike. */
export interface SpeakerGroup {
  readonly role: SpeakerRole;
  readonly count: number;
  /** Address of the first one; the others have those after it. Absent: the system chooses. */
  readonly sourceAddress?: string;
  /** How far the source addresses are apart: 1 unless told otherwise, 0 for one address for all. */
  readonly addressStep: number;
  /** Of the first one. */
  readonly localAs: number;
  /** How far the AS numbers are apart: 0, all have the same, or more. */
  readonly asStep: number;
  /** BGP Identifier of the first one; the others have those after it. */
  readonly routerId: string;
  /** Seconds, 0 or 3–65535. */
  readonly holdTime: number;
  /** Names such as `ipv4-unicast`. */
  readonly families: readonly string[];
  /** Next hop of its IPv4 routes: when absent the speaker's own address, or its BGP Identifier on loopback. */
  readonly nextHop?: string;
  /** Next hop of its IPv6 routes. */
  readonly nextHopIpv6: string;
  /** The device connects to the speakers, and not they to it: each needs a source address of its own. */
  readonly passive: boolean;
  /** Where passive speakers listen. */
  readonly listenPort: number;
  /** TCP MD5 (RFC 2385). */
  readonly password?: string;
  /** GTSM (RFC 5082): hops to the device, 1–254. */
  readonly ttlSecurity?: number;
  /** TTL of what is sent, 1–255. */
  readonly ttl?: number;
  /** What the speaker offers of ADD-PATH (RFC 7911) in its families; absent: nothing. */
  readonly addPath?: 'send' | 'receive' | 'both';
  /** Announce Extended Message (RFC 8654). */
  readonly extendedMessage: boolean;
}

/** Where the routes come from. */
export type RouteSource =
  | {
      readonly kind: 'generated';
      /** Of each source. */
      readonly prefixes: number;
      /** Of each source. */
      readonly ipv6Prefixes: number;
      readonly distribution: 'same' | 'overlapping' | 'disjoint';
      /** 0–0.5: what a source shares with the next one, when overlapping. */
      readonly overlap: number;
      readonly prefixesPerUpdate?: number;
    }
  | {
      /** TABLE_DUMP or TABLE_DUMP_V2 (RFC 6396), plain, gzip or bzip2. */
      readonly kind: 'mrtTable';
      readonly file: string;
      /** Addresses of the peers whose routes are taken, one for each source in turn; absent: all peers. */
      readonly peers?: readonly string[];
      /** Routes of each peer at the most. */
      readonly limit?: number;
    }
  | {
      /** BGP4MP or BGP4MP_ET, sent in the recording's own timing. */
      readonly kind: 'mrtUpdates';
      readonly file: string;
      readonly peers?: readonly string[];
      /** How many times as quick as recorded. */
      readonly speed: number;
    }
  | {
      /**
       * UPDATEs of any family one after the other, as on the wire, with AS numbers of four octets: sent as
       * they are.
       */
      readonly kind: 'rawUpdates';
      /** One for each source, in turn. */
      readonly files: readonly string[];
    };

/** One phase of a run; times are seconds. */
export type Phase =
  | {
      readonly phase: 'establish';
      /** Sessions that are on their way at a time. */
      readonly concurrency: number;
      /** After so long the phase ends, whatever has come of it. */
      readonly timeout: number;
    }
  | {
      readonly phase: 'announce' | 'restore';
      /** UPDATEs a second of all sources together, evenly (open loop); absent: as quick as TCP takes them. */
      readonly rate?: number;
      readonly timeout: number;
      /** Without anything new at any sink for so long, nothing more is waited for. */
      readonly settle: number;
    }
  | { readonly phase: 'steady'; readonly duration: number }
  | {
      readonly phase: 'churn';
      readonly duration: number;
      /** UPDATEs a second of all sources together, withdrawals and announcements in turn. */
      readonly rate: number;
      /** Seconds that a route stays withdrawn. */
      readonly gap: number;
      readonly settle: number;
    }
  | {
      readonly phase: 'flap';
      /** How many sessions are dropped at once. */
      readonly sessions: number;
      /** How often. */
      readonly times: number;
      /** Reset the TCP connection instead of a Cease/Administrative Reset. */
      readonly reset: boolean;
      /** Seconds that a session stays down. */
      readonly down: number;
      readonly timeout: number;
      readonly settle: number;
    }
  | { readonly phase: 'withdraw'; readonly timeout: number; readonly settle: number };

/** The name of a phase. */
export type PhaseName = Phase['phase'];

/** The phase of a name: announce and restore are alike. */
export type PhaseNamed<Name extends PhaseName> = Name extends 'announce' | 'restore'
  ? Extract<Phase, { phase: 'announce' | 'restore' }>
  : Extract<Phase, { phase: Name }>;

/** What sinks must hold. */
export interface Expectation {
  /** Whether the oracle judges at all. */
  readonly oracle: boolean;
  /** The device passes AS_PATH on without its own AS (a route server). */
  readonly transparent: boolean;
  /**
   * Whether the device reflects routes of internal sources to internal sinks (RFC 4456); absent: it
   * is not known, so that what such sinks hold is judged, and not what they lack.
   */
  readonly reflector?: boolean;
}

/** A whole run, every default filled in. */
export interface Scenario {
  readonly name: string;
  readonly target: Target;
  readonly speakers: readonly SpeakerGroup[];
  readonly routes: RouteSource | undefined;
  readonly seed: number;
  readonly phases: readonly Phase[];
  readonly expect: Expectation;
  /** Conditions such as `established.p99<2s`. */
  readonly thresholds: readonly string[];
  /** Worker threads; 0: as many as the machine has cores, less one, and at least one. */
  readonly workers: number;
}

/** What a group has where nothing is said. */
export const defaultGroup: Omit<SpeakerGroup, 'routerId'> = {
  role: 'source',
  count: 1,
  addressStep: 1,
  localAs: 65_001,
  asStep: 0,
  holdTime: 90,
  families: ['ipv4-unicast'],
  nextHopIpv6: '2001:db8::1',
  extendedMessage: false,
  passive: false,
  listenPort: 179,
};

/** What each phase has where nothing is said. */
export const defaultPhases: {
  readonly [Name in PhaseName]: PhaseNamed<Name>;
} = {
  establish: { phase: 'establish', concurrency: 200, timeout: 60 },
  announce: { phase: 'announce', timeout: 600, settle: 3 },
  steady: { phase: 'steady', duration: 5 },
  churn: { phase: 'churn', duration: 10, rate: 100, gap: 1, settle: 3 },
  flap: {
    phase: 'flap',
    sessions: 1,
    times: 1,
    reset: false,
    down: 1,
    timeout: 60,
    settle: 3,
  },
  withdraw: { phase: 'withdraw', timeout: 300, settle: 3 },
  restore: { phase: 'restore', timeout: 600, settle: 3 },
};

/** What runs where no phases are given. */
export const defaultPhaseOrder: readonly PhaseName[] = ['establish', 'announce', 'steady'];
