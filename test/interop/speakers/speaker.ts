/** A route as every speaker can announce it and print it back: the common tongue of the comparisons. */
export interface PlainRoute {
  /** Canonical text, `203.0.113.0/24` or `2001:db8::/32`. */
  readonly prefix: string;
  readonly nextHop: string;
  /** AS numbers from the nearest to the origin; empty for a route of the announcing AS itself. */
  readonly asPath: readonly number[];
  readonly origin: 'igp' | 'egp' | 'incomplete';
  /** MULTI_EXIT_DISC; 0 where the speaker prints 0 for "none". */
  readonly multiExitDiscriminator?: number;
  /** `65001:100`, ascending. */
  readonly communities: readonly string[];
  /** `65001:1:2`, ascending. */
  readonly largeCommunities: readonly string[];
}

/** What the real speaker is told about itself, about us, and about the session. */
export interface SpeakerConfig {
  /** An empty folder of the test's own for configuration, control sockets and logs. */
  readonly directory: string;
  readonly local: {
    readonly address: string;
    readonly port: number;
    readonly as: number;
    readonly routerId: string;
  };
  readonly peer: { readonly address: string; readonly port: number; readonly as: number };
  /** True: the speaker waits for us. False: it dials us, and listens as well. */
  readonly passive: boolean;
  /** Seconds. */
  readonly holdTime: number;
  readonly password?: string;
  /** GTSM (RFC 5082) with one hop. */
  readonly ttlSecurity?: boolean;
  /** Family names; IPv4 and IPv6 unicast when absent. */
  readonly families?: readonly SpeakerFamily[];
  /** What the speaker does with ADD-PATH in IPv4 unicast (RFC 7911), seen from the speaker. */
  readonly addPath?: 'send' | 'receive' | 'both';
  readonly gracefulRestart?: boolean;
  /** Its role towards us (RFC 9234), which not every speaker knows. */
  readonly role?: 'provider' | 'customer' | 'peer';
  readonly routes: readonly PlainRoute[];
  /** More configuration in the speaker's own words, outside of the neighbour. */
  readonly extra?: string;
  /** More arguments of the command line. */
  readonly args?: readonly string[];
}

export type SpeakerFamily = 'ipv4-unicast' | 'ipv6-unicast' | 'ipv4-flowspec';

/** A real speaker in a process of its own, started and ended by the test. */
export interface RunningSpeaker extends AsyncDisposable {
  readonly pid: number;
  /** Every process that belongs to it, itself first. */
  pids(): number[];
  established(): Promise<boolean>;
  /** Routes received from us, as the speaker prints them. */
  receivedRoutes(): Promise<PlainRoute[]>;
  /** Ends the session from the far side (Cease/Administrative Shutdown where the speaker can). */
  shutdown(text: string): Promise<void>;
  /** Asks us for our routes again (RFC 2918), where the speaker has a command for it. */
  requestRefresh?(): Promise<void>;
  /** Anything else, in the words of the speaker's own control program. */
  command?(...words: readonly string[]): Promise<string>;
  /** All that the process has written: for the error message of a failing test. */
  log(): string;
  stop(): Promise<void>;
}

/** One kind of speaker: how to find it, and what it can do. */
export interface Speaker {
  readonly name: 'BIRD' | 'FRR' | 'GoBGP' | 'OpenBGPD' | 'ExaBGP';
  /** The Debian package that brings it. */
  readonly debianPackage: string;
  /** Paths of the programs that must be there. */
  readonly programs: readonly string[];
  readonly supports: {
    readonly password: boolean;
    /** TCP MD5 also where we dial. */
    readonly passwordWhenDialled: boolean;
    readonly ttlSecurity: boolean;
    readonly addPath: boolean;
    readonly gracefulRestart: boolean;
    readonly extendedMessage: boolean;
    readonly flowspec: boolean;
    /** It can originate a route with an AS_PATH of more than its own AS. */
    readonly originatedAsPath: boolean;
    /** It sends the MULTI_EXIT_DISC that its configuration gives to an external peer. */
    readonly multiExitDiscriminator: boolean;
  };
  start(config: SpeakerConfig): Promise<RunningSpeaker>;
}

/** Ascending by number, part by part, so that two prints of the same set compare equal. */
export function sortedCommunities(communities: readonly string[]): string[] {
  return communities.toSorted((a, b) => {
    const left = a.split(':').map(Number);
    const right = b.split(':').map(Number);
    for (let i = 0; i < left.length; i++) {
      const difference = left[i]! - (right[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** The families a configuration asks for, with the default. */
export function familiesOf(config: SpeakerConfig): readonly SpeakerFamily[] {
  return config.families ?? ['ipv4-unicast', 'ipv6-unicast'];
}
