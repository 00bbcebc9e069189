import { copyAttributeBlock, longestBlock, splitUpdate, UpdateView } from '@peerloom/wire';
import type { SpeakerPlan } from '../plan.ts';
import { formatBlock } from '../routes/formatBlock.ts';
import { PrefixIndex } from '../routes/prefixIndex.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { Scenario } from '../scenario.ts';
import type { RunMemory } from '../speaker/runMemory.ts';
import { ExpectedRoutes } from './expectedRoutes.ts';
import type { RunContext } from './runContext.ts';

/** Faulty routes of each sink and kind that are shown. */
const mostShown = 5;

/** A route that is not as it should be. */
export interface OracleFinding {
  readonly kind: 'missing' | 'extra' | 'wrong';
  readonly prefix: string;
  /** What is wrong, in words. */
  readonly text: string;
}

/** How what one sink holds compares with what it must hold. */
export interface SinkVerdict {
  /** From 0, among the sinks. */
  readonly sink: number;
  readonly address: string | undefined;
  /** Whether it can be told what it must hold; when not, only what it does hold was looked at. */
  readonly isKnown: boolean;
  /** Routes that it must hold. */
  readonly expected: number;
  readonly held: number;
  readonly missing: number;
  readonly extra: number;
  readonly wrong: number;
  /** The first few. */
  readonly findings: readonly OracleFinding[];
}

/** One look at all sinks. */
export interface OracleCheck {
  /** The phase after which it was taken. */
  readonly phase: string;
  readonly sinks: readonly SinkVerdict[];
}

/** Compares what the sinks hold with what they must hold, which is computed from what the sources have sent. */
export class Oracle {
  /** What they must hold. */
  readonly expected: ExpectedRoutes;
  readonly #plans: readonly SpeakerPlan[];
  readonly #table: RouteTable;
  readonly #memory: RunMemory;
  readonly #prefixes: PrefixIndex;

  constructor(
    scenario: Scenario,
    plans: readonly SpeakerPlan[],
    table: RouteTable,
    memory: RunMemory,
  ) {
    this.expected = new ExpectedRoutes(scenario, plans, table, memory);
    this.#plans = plans;
    this.#table = table;
    this.#memory = memory;
    this.#prefixes = new PrefixIndex(table.prefixes);
  }

  /**
   * Compares what the sinks hold with what they must hold.
   *
   * @param seen readable attributes of some prefixes as they came, and prefixes that nobody announced
   */
  check(phase: string, seen: Pick<RunContext, 'samples' | 'strangers'>): OracleCheck {
    const sinks = this.#plans
      .filter(({ sink }) => sink >= 0)
      .map((plan) => this.#checkSink(plan, seen));
    return { phase, sinks };
  }

  #checkSink(
    plan: SpeakerPlan,
    { samples, strangers: named }: Pick<RunContext, 'samples' | 'strangers'>,
  ): SinkVerdict {
    const { digests } = this.#memory.sinks[plan.sink]!;
    const findings: OracleFinding[] = [];
    const shown = { missing: 0, extra: 0, wrong: 0 };
    const find = (kind: OracleFinding['kind'], prefix: number): void => {
      if (shown[kind]++ >= mostShown) return;
      findings.push({
        kind,
        prefix: this.#prefixes.text(prefix),
        text: this.#words(kind, prefix, samples),
      });
    };
    const required = this.expected.routesOf(plan.sink);
    for (let prefix = 0; prefix < digests.length; prefix++) {
      if (required[prefix] === 1 && digests[prefix] === 0) find('missing', prefix);
    }
    const mustLack = this.expected.mustLack(plan.sink);
    let held = 0;
    for (let prefix = 0; prefix < digests.length; prefix++) {
      const digest = digests[prefix]!;
      if (digest === 0) continue;
      held++;
      if (this.expected.announcers(prefix) === 0 || mustLack) find('extra', prefix);
      else if (!this.expected.isRight(prefix, digest)) find('wrong', prefix);
    }
    const strangers = this.#memory.strangers[plan.sink]!;
    for (const prefix of named.get(plan.sink) ?? []) {
      const text = 'announced by nobody: is it of the device, or of an earlier test?';
      findings.push({ kind: 'extra', prefix, text });
    }
    return {
      sink: plan.sink,
      address: plan.sourceAddress,
      isKnown: this.expected.canTell(plan.sink),
      expected: this.expected.count(plan.sink),
      held,
      missing: shown.missing,
      extra: shown.extra + strangers,
      wrong: shown.wrong,
      findings,
    };
  }

  #words(
    kind: OracleFinding['kind'],
    prefix: number,
    samples: ReadonlyMap<number, string>,
  ): string {
    if (kind === 'missing') {
      const sources = this.expected.announcers(prefix);
      return `announced by ${sources} source${sources === 1 ? '' : 's'}, and not there`;
    }
    if (kind === 'extra') {
      return this.expected.announcers(prefix) === 0
        ? 'announced by nobody, or withdrawn, and still there'
        : 'of an internal neighbour, and not for another one (RFC 4271 §9.2)';
    }
    const sample = samples.get(prefix);
    return `sent with ${this.#sentWith(prefix)}; came with ${sample ?? 'others'}`;
  }

  #sentWith(prefix: number): string {
    const { bytes, offsets } = this.#table.announcements;
    const message = this.#table.messageOf[prefix]!;
    const copy = bytes.slice(offsets[message], offsets[message + 1]);
    const view = new UpdateView();
    splitUpdate(view, copy, 0, copy.length);
    const block = new Uint8Array(longestBlock(view));
    const routes = view.nlriEnd > view.nlriStart ? 'nlri' : 'mpReach';
    return formatBlock(block.subarray(0, copyAttributeBlock(view, routes, block, 0)));
  }
}
