import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerSnapshot } from '@peerloom/ipc';
import { createEngine, type Engine, type NeighborOptions, type Peer } from '@peerloom/supervisor';
import { plainRoute } from './plainRoute.ts';
import { freePort } from './speakers/port.ts';
import { signal, until } from './speakers/process.ts';
import type {
  PlainRoute,
  RunningSpeaker,
  Speaker,
  SpeakerConfig,
  SpeakerFamily,
} from './speakers/speaker.ts';

/** How a real speaker and our engine are to meet. What is left out is ordinary. */
export interface MeetingOptions {
  /** They only wait for us. */
  readonly theyArePassive?: boolean;
  /** We only wait for them. */
  readonly weArePassive?: boolean;
  /** The AS that we expect of them; theirs when absent. */
  readonly expectedAs?: number;
  readonly ourPassword?: string;
  readonly theirPassword?: string;
  readonly ttlSecurity?: boolean;
  /** Seconds, on both sides. */
  readonly holdTime?: number;
  readonly families?: readonly SpeakerFamily[];
  /** Seen from the speaker. */
  readonly addPath?: SpeakerConfig['addPath'];
  readonly gracefulRestart?: boolean;
  /** Their role towards us (RFC 9234); ours is in `neighbor`. */
  readonly theirRole?: SpeakerConfig['role'];
  readonly ourRoutes?: readonly PlainRoute[];
  readonly theirRoutes?: readonly PlainRoute[];
  /** More of the speaker's configuration, in its own words. */
  readonly extra?: string;
  /** Anything else of our side. */
  readonly neighbor?: Partial<NeighborOptions>;
}

export const ourAs = 4_200_000_001;
export const theirAs = 65_002;

let met = 0;

/** An engine of ours and a real speaker, each with an address and a port of its own on loopback. */
export class Meeting implements AsyncDisposable {
  readonly engine: Engine;
  readonly peer: Peer;
  speaker: RunningSpeaker;
  readonly #kind: Speaker;
  readonly #config: SpeakerConfig;

  constructor(
    engine: Engine,
    peer: Peer,
    kind: Speaker,
    config: SpeakerConfig,
    speaker: RunningSpeaker,
  ) {
    this.engine = engine;
    this.peer = peer;
    this.speaker = speaker;
    this.#kind = kind;
    this.#config = config;
  }

  snapshot(): Promise<PeerSnapshot> {
    return this.peer.snapshot();
  }

  /** Waits until both sides say so. */
  async established(): Promise<void> {
    await this.reaches('is Established', (peer) => peer.state === 'Established');
    await until(
      'the speaker says Established',
      () => this.speaker.established(),
      () => this.speaker.log(),
    );
  }

  /** Waits until our snapshot satisfies `condition`, and returns it. */
  async reaches(what: string, condition: (peer: PeerSnapshot) => boolean): Promise<PeerSnapshot> {
    let last: PeerSnapshot | undefined;
    return until(
      `our peer ${what}`,
      async () => {
        last = await this.snapshot();
        return condition(last) && last;
      },
      () => `${JSON.stringify(last, undefined, 1)}\n${this.speaker.log()}`,
    );
  }

  /** What we hold of theirs. */
  async receivedRoutes(): Promise<PlainRoute[]> {
    const routes: PlainRoute[] = [];
    for await (const route of this.peer.routes({ direction: 'received' }))
      routes.push(plainRoute(route));
    return routes;
  }

  /** Kills the speaker as a crash would, does `meanwhile`, and starts it again with `changes`. */
  async restartSpeaker(
    changes: Partial<SpeakerConfig>,
    meanwhile: () => Promise<void>,
  ): Promise<void> {
    for (const pid of this.speaker.pids()) signal(pid, 'SIGKILL');
    await meanwhile();
    await this.speaker.stop();
    this.speaker = await this.#kind.start({ ...this.#config, ...changes });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.engine.close();
    } finally {
      await this.speaker.stop();
      rmSync(this.#config.directory, { recursive: true, force: true });
    }
  }
}

/** Starts both sides. Whoever dials finds the other one there already, or comes again within seconds. */
export async function meet(speaker: Speaker, options: MeetingOptions = {}): Promise<Meeting> {
  met += 1;
  // Every meeting of every test process has a /30 of its own.
  const network = `127.${64 + (process.pid % 128)}.${met}`;
  const us = { address: `${network}.1`, port: await freePort(`${network}.1`) };
  const them = { address: `${network}.2`, port: await freePort(`${network}.2`) };
  const holdTime = options.holdTime ?? 30;
  const directory = mkdtempSync(join(tmpdir(), `peerloom-${speaker.name.toLowerCase()}-`));
  const families = options.families ?? ['ipv4-unicast', 'ipv6-unicast'];
  const ourAddPath = { send: 'receive', receive: 'send', both: 'both' } as const;

  const engine = await createEngine({
    routerId: '192.0.2.1',
    localAs: ourAs,
    workers: 0,
    listen: [us],
  });
  try {
    const peer = await engine.addPeer({
      address: them.address,
      port: them.port,
      sourceAddress: us.address,
      remoteAs: options.expectedAs ?? theirAs,
      passive: options.weArePassive ?? false,
      holdTime,
      connectRetryTime: 1,
      idleHoldTime: 1,
      families,
      capabilities: {
        gracefulRestart:
          options.gracefulRestart === true ? { restartTime: 20, families, staleTime: 20 } : false,
        addPath:
          options.addPath === undefined ? {} : { 'ipv4-unicast': ourAddPath[options.addPath] },
      },
      ...(options.ourPassword === undefined ? {} : { password: options.ourPassword }),
      ...(options.ttlSecurity === true ? { ttlSecurity: 1 } : {}),
      ...options.neighbor,
    });
    await peer.announce(...(options.ourRoutes ?? []));
    const config: SpeakerConfig = {
      directory,
      local: { ...them, as: theirAs, routerId: '192.0.2.2' },
      peer: { ...us, as: ourAs },
      passive: options.theyArePassive ?? false,
      holdTime,
      families,
      ...(options.theirPassword === undefined ? {} : { password: options.theirPassword }),
      ...(options.ttlSecurity === undefined ? {} : { ttlSecurity: options.ttlSecurity }),
      ...(options.addPath === undefined ? {} : { addPath: options.addPath }),
      ...(options.gracefulRestart === undefined
        ? {}
        : { gracefulRestart: options.gracefulRestart }),
      ...(options.theirRole === undefined ? {} : { role: options.theirRole }),
      routes: options.theirRoutes ?? [],
      ...(options.extra === undefined ? {} : { extra: options.extra }),
    };
    return new Meeting(engine, peer, speaker, config, await speaker.start(config));
  } catch (error) {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}
