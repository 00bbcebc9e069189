import type { PeerSnapshot } from '@peerloom/ipc';

/** How far the demonstration has come. */
export interface DemoState {
  readonly established: number;
  readonly routes: number;
  /** UPDATEs received since the engine started. */
  readonly updates: number;
}

/** What the peers of an engine amount to. */
export function demoState(snapshots: readonly PeerSnapshot[]): DemoState {
  let established = 0;
  let routes = 0;
  let updates = 0;
  for (const { state, prefixes, received } of snapshots) {
    if (state === 'Established') established++;
    for (const family of Object.values(prefixes)) routes += family.received;
    updates += received.update;
  }
  return { established, routes, updates };
}

/** What progress is written to: a terminal, or anything that takes lines. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  /** Characters in a line of the terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Between two lines where there is no terminal to redraw one in, in milliseconds. */
const lineInterval = 1000;

/** Shows how far things have come: on a terminal as one line that is drawn anew, elsewhere as a few lines. */
export class Progress {
  readonly #target: ProgressTarget;
  readonly #peers: number;
  readonly #routes: number;
  readonly #began: number;
  #lastLine = Number.NEGATIVE_INFINITY;
  #lastTime: number;
  #lastUpdates = 0;
  #rate = 0;
  #drawn = false;

  /** `now`, here and below: milliseconds of any clock that only goes forward. */
  constructor(target: ProgressTarget, peers: number, routes: number, now: number) {
    this.#target = target;
    this.#peers = peers;
    this.#routes = routes;
    this.#began = now;
    this.#lastTime = now;
  }

  /** Shows a state, if it is time to; `force`: in any case. */
  show(state: DemoState, now: number, force = false): void {
    const elapsed = (now - this.#lastTime) / 1000;
    if (elapsed >= 0.1) {
      this.#rate = Math.round((state.updates - this.#lastUpdates) / elapsed);
      this.#lastTime = now;
      this.#lastUpdates = state.updates;
    }
    const line = this.#line(state, (now - this.#began) / 1000);
    if (this.#target.isTTY === true) {
      this.#target.write(`\r\u{1b}[K${line}`);
      this.#drawn = true;
    } else if (force || now - this.#lastLine >= lineInterval) {
      this.#target.write(`${line}\n`);
      this.#lastLine = now;
    }
  }

  /** Leaves the line that is drawn, so that something else can be written below it. */
  end(): void {
    if (this.#drawn) this.#target.write('\n');
    this.#drawn = false;
  }

  #line({ established, routes }: DemoState, seconds: number): string {
    const width = 24;
    const share = this.#peers === 0 ? 1 : established / this.#peers;
    const filled = Math.floor(share * width);
    const bar = '#'.repeat(filled) + '.'.repeat(width - filled);
    return `[${bar}] ${established}/${this.#peers} sessions  ${routes}/${this.#routes} routes  ${this.#rate} updates/s  ${seconds.toFixed(1)} s`;
  }
}
