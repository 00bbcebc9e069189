import { endpointText } from '../addresses.ts';
import { LoadError } from '../loadError.ts';
import { now } from '../measure/clock.ts';
import type { PhaseResult } from '../report/result.ts';
import { defaultPhases, type Phase, type PhaseName } from '../scenario.ts';
import { Counter, total } from '../speaker/runMemory.ts';
import { measureArrivals, measureDepartures } from './arrivals.ts';
import type { RunContext } from './runContext.ts';
import { isEverywhere, waitForEffect } from './waiting.ts';

/** How a phase ended, and how many seconds of it there was work to do. */
interface Outcome {
  readonly ended: PhaseResult['ended'];
  readonly busySeconds: number;
}

type PhaseOf<Name extends PhaseName> = Extract<Phase, { phase: Name }>;

/** Milliseconds between the command to send by a schedule and the first UPDATE of it. */
const lead = 50;

/** Carries one phase out. */
export async function runPhase(run: RunContext, phase: Phase): Promise<Outcome> {
  switch (phase.phase) {
    case 'establish':
      return await establish(run, phase);
    case 'announce':
    case 'restore':
      return await announce(run, phase);
    case 'steady':
      return await steady(run, phase);
    case 'churn':
      return await churn(run, phase);
    case 'flap':
      return await flap(run, phase);
    default:
      return await withdraw(run, phase);
  }
}

async function establish(run: RunContext, phase: PhaseOf<'establish'>): Promise<Outcome> {
  const { plans, hosts } = run;
  const share = Math.ceil(phase.concurrency / hosts.count);
  await hosts.each((host) => host.establish(share));
  const ended = await run.until(
    () => run.established === plans.length,
    phase.timeout,
    () => run.established / plans.length,
  );
  const seconds = run.elapsed;
  await run.collect();
  run.measure('establish.duration', seconds);
  run.measure('establish.rate', run.established / seconds, '1/s');
  if (run.established === 0 && ended === 'timeout') throw nobodyUp(run);
  return { ended, busySeconds: seconds };
}

/** Reasons that say nothing but that the device was there. */
const wordless = /ECONNRESET|ECONNREFUSED|before the peer had sent an OPEN/;

/** Not one session: the reasons that the speakers have found say more than a table of zeros. */
function nobodyUp({ scenario, notes, notifications, plans }: RunContext): LoadError {
  const { address, port } = scenario.target;
  const reasons = [
    ...Object.keys(notes),
    ...Object.keys(notifications.received).map((text) => `the device sent ${text}`),
  ];
  const shown = reasons.slice(0, 3);
  if (reasons.length > 0 && reasons.every((reason) => wordless.test(reason))) {
    shown.push(
      'it ends connections without a word: it does not know the speakers, wants a password or a TTL, or holds them back after earlier sessions',
    );
  }
  return new LoadError(
    'ERR_LOAD_UNREACHABLE',
    `none of ${plans.length} sessions with ${endpointText(address, port)} came up; does the device know the speakers (addresses from ${plans[0]!.sourceAddress ?? 'this machine'}, AS ${plans[0]!.localAs})?${shown.map((reason) => `\n${reason}`).join('')}`,
  );
}

async function announce(run: RunContext, phase: PhaseOf<'announce' | 'restore'>): Promise<Outcome> {
  const { hosts, memory, oracle, table, sources } = run;
  const { phase: name, rate, timeout, settle } = phase;
  noteEarlyRoutes(run);
  memory.sentAt.fill(0);
  for (const { firstAt } of memory.sinks) firstAt.fill(0);
  oracle?.expected.update(true);
  const wanted = memory.sinks.map((_, sink) => oracle?.expected.count(sink) ?? 0);
  run.wanted = wanted.reduce((sum, one) => sum + one, 0);
  run.announced = true;

  const began = now();
  const startsAt = began + lead;
  const { routes } = run.scenario;
  await hosts.each(async (host) => {
    if (rate !== undefined) {
      await host.announce({ startsAt, pace: { rate, sources: sources.length } });
    } else if (routes?.kind === 'mrtUpdates') {
      await host.announce({ startsAt, pace: { speed: routes.speed } });
    } else await host.announce();
  });
  const written = await run.until(
    () => run.written,
    timeout,
    () => run.writtenShare / 2,
  );
  const writtenSeconds =
    Math.max(0, Math.max(...sources.map(({ index }) => memory.writtenAt[index]!)) - began) / 1000;
  if (written === 'done') run.measure(`${name}.written`, writtenSeconds);
  // Only now it is known who could send his routes at all.
  if (run.unfit > 0) oracle?.expected.update(true);
  const arrived = (): boolean => isEverywhere(run, wanted);
  const done = (): number => (run.wanted > 0 ? run.held / run.wanted : run.writtenShare);
  const outcome =
    written === 'done' ? await waitForEffect(run, began, arrived, timeout, settle, done) : written;
  const seconds =
    typeof outcome === 'string' ? run.elapsed : Math.max(outcome.seconds, writtenSeconds);
  // Where none of it is anywhere, it has not taken any time.
  const cameToNothing = run.wanted > 0 && run.held === 0;
  if (!cameToNothing) run.measure(`${name}.duration`, seconds);
  const count = sources.reduce((sum, { source }) => {
    const feed = table?.feeds[source % table.feeds.length];
    return (
      sum +
      (feed === undefined ? 0 : table!.routeStarts[feed.end]! - table!.routeStarts[feed.start]!)
    );
  }, 0);
  if (!cameToNothing) run.measure(`${name}.rate`, count / seconds, '1/s');
  measureArrivals(run, name, began, wanted);
  const paths = memory.paths.reduce((sum, one) => sum + one, 0);
  if (paths > 0) run.measure(`${name}.paths`, paths, 'count');
  await run.collect();
  return {
    ended: typeof outcome === 'string' ? outcome : outcome.ended,
    busySeconds: seconds,
  };
}

/** What a device passes on before anything was announced would be taken for its answer. */
function noteEarlyRoutes({ memory, notes, announced }: RunContext): void {
  const early = Math.max(0, ...memory.present, ...memory.strangers);
  if (early === 0 || announced) return;
  const text =
    'routes were at a sink before any were announced: the device has its own, or is still busy with an earlier test';
  notes[text] = early;
}

async function steady(run: RunContext, { duration }: PhaseOf<'steady'>): Promise<Outcome> {
  const ended = await lastFor(run, duration, () => run.elapsed / duration);
  await run.collect();
  return { ended, busySeconds: run.elapsed };
}

/** Lasts until so many seconds of the phase have passed, unless nothing can come of them any more. */
async function lastFor(
  run: RunContext,
  end: number,
  done: () => number,
): Promise<'done' | 'interrupted'> {
  const isPast = (): boolean => run.elapsed >= end;
  await run.until(() => isPast() || run.isOver, Number.POSITIVE_INFINITY, done);
  return isPast() ? 'done' : 'interrupted';
}

async function churn(run: RunContext, phase: PhaseOf<'churn'>): Promise<Outcome> {
  const { hosts, memory, sources } = run;
  const { duration, rate, gap, settle } = phase;
  const readied = run.announced ? 'done' : await announceFirst(run, settle);
  const began = run.elapsed;
  if (readied === 'timeout' || readied === 'interrupted') {
    return { ended: readied, busySeconds: began };
  }
  const before = total(memory, Counter.updatesSent);
  const startsAt = now() + lead;
  const options = { startsAt, rate, gap: gap * 1000, sources: sources.length };
  await hosts.each((host) => host.record(true));
  await hosts.each((host) => host.startChurn(options));
  const end = began + duration + lead / 1000;
  const outcome = await lastFor(run, end, () => (run.elapsed - began) / duration);
  const seconds = run.elapsed - began;
  run.measure('churn.rate', (total(memory, Counter.updatesSent) - before) / seconds, '1/s');
  await hosts.each((host) => host.stopChurn(outcome !== 'done'));
  const ended =
    outcome === 'done' ? await comeBack(run, settle, Number.POSITIVE_INFINITY) : outcome;
  await hosts.each((host) => host.record(false));
  await run.collect();
  return { ended, busySeconds: began + seconds };
}

/** Only what is there can be churned: routes that no phase has announced are, without being measured. */
async function announceFirst(run: RunContext, settle: number): Promise<PhaseResult['ended']> {
  const { timeout } = defaultPhases.announce;
  noteEarlyRoutes(run);
  run.notes['churn found nothing announced, and announced it first, unmeasured'] = 1;
  run.announced = true;
  await run.hosts.each((host) => host.announce());
  const written = await run.until(
    () => run.written,
    timeout,
    () => 0,
  );
  return written === 'done' ? await comeBack(run, settle, timeout) : written;
}

/** Waits until the sinks hold everything again, or nothing more comes for `settle` seconds. */
async function comeBack(
  run: RunContext,
  settle: number,
  timeout: number,
): Promise<PhaseResult['ended']> {
  const { memory, oracle } = run;
  oracle?.expected.update(run.announced);
  const wanted = memory.sinks.map((_, sink) => oracle?.expected.count(sink) ?? 0);
  const arrived = (): boolean => isEverywhere(run, wanted);
  const outcome = await waitForEffect(run, now(), arrived, timeout, settle, () => 1);
  return typeof outcome === 'string' ? outcome : outcome.ended;
}

async function flap(run: RunContext, phase: PhaseOf<'flap'>): Promise<Outcome> {
  const { plans, hosts, memory } = run;
  const { sessions, times, reset, down, timeout, settle } = phase;
  let longest = 0;
  let ended: PhaseResult['ended'] = 'done';
  for (let round = 0; round < times && ended === 'done'; round++) {
    const began = now();
    const chosen = Array.from(
      { length: Math.min(sessions, plans.length) },
      (_, i) => plans[(round * sessions + i) % plans.length]!.index,
    );
    const upBefore = total(memory, Counter.sessionsUp);
    await hosts.each((host) => host.flap(chosen, reset, down));
    const isBack = (): boolean =>
      total(memory, Counter.sessionsUp) >= upBefore + chosen.length &&
      run.established === plans.length &&
      (!run.announced || run.written);
    const limit = run.elapsed + timeout;
    const share = (): number =>
      (round + (total(memory, Counter.sessionsUp) - upBefore) / chosen.length) / times;
    ended = await run.until(isBack, limit, share);
    if (ended !== 'done') break;
    ended = await comeBack(run, settle, limit);
    longest = Math.max(longest, (now() - began) / 1000);
  }
  await run.collect(true);
  if (longest > 0) run.measure('flap.duration', longest);
  return { ended, busySeconds: run.elapsed };
}

async function withdraw(run: RunContext, phase: PhaseOf<'withdraw'>): Promise<Outcome> {
  const { hosts, memory, oracle, sources } = run;
  const { timeout, settle } = phase;
  const began = now();
  run.announced = false;
  run.wanted = 0;
  await hosts.each((host) => host.withdraw());
  const written = await run.until(
    () => run.written,
    timeout,
    () => run.writtenShare / 2,
  );
  const last = Math.max(...sources.map(({ index }) => memory.writtenAt[index]!));
  const writtenSeconds = Math.max(0, last - began) / 1000;
  if (written === 'done') run.measure('withdraw.written', writtenSeconds);
  oracle?.expected.update(false);
  const gone = (): boolean => memory.present.every((held) => held === 0);
  const outcome =
    written === 'done'
      ? await waitForEffect(run, began, gone, timeout, settle, () => 0.5)
      : written;
  const seconds =
    typeof outcome === 'string' ? run.elapsed : Math.max(outcome.seconds, writtenSeconds);
  run.measure('withdraw.duration', Math.max(seconds, measureDepartures(run, began)));
  await run.collect();
  return { ended: typeof outcome === 'string' ? outcome : outcome.ended, busySeconds: seconds };
}
