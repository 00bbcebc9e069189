import { now } from '../measure/clock.ts';
import type { PhaseResult } from '../report/result.ts';
import { defaultPhases, type Phase, type PhaseName } from '../scenario.ts';
import { Counter, FeedState, total } from '../speaker/runMemory.ts';
import { noteAnnouncers } from './announcers.ts';
import { measureArrivals, measureDepartures } from './arrivals.ts';
import { nobodyUp } from './nobodyUp.ts';
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
  const { plans, hosts, memory } = run;
  const upBefore = total(memory, Counter.sessionsUp);
  const share = Math.ceil(phase.concurrency / hosts.count);
  await hosts.each((host) => host.establish(share));
  const ended = await run.until(
    () => run.established === plans.length,
    phase.timeout,
    () => run.established / plans.length,
  );
  const seconds = run.elapsed;
  await run.collect();
  const cameUp = total(memory, Counter.sessionsUp) - upBefore;
  if (cameUp > 0) {
    run.measure('establish.duration', seconds);
    run.measure('establish.rate', cameUp / seconds, '1/s');
  }
  if (run.established === 0 && ended === 'timeout') throw nobodyUp(run);
  return { ended, busySeconds: seconds };
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

  const sentBefore = total(memory, Counter.updatesSent);
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
  const fit = sources.filter(({ index }) => memory.feeds[index] !== FeedState.unfit);
  const complete = fit.filter(({ index }) => memory.feeds[index] === FeedState.written);
  const isSent = total(memory, Counter.updatesSent) > sentBefore;
  if (isSent && complete.length === fit.length) run.measure(`${name}.written`, writtenSeconds);
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
  if (isSent && showsEffect(run) && !cameToNothing) {
    run.measure(`${name}.duration`, seconds);
    const count = complete.reduce((sum, { source }) => {
      const { routeStarts, feeds } = table!;
      const { start, end } = feeds[source % feeds.length]!;
      return sum + routeStarts[end]! - routeStarts[start]!;
    }, 0);
    if (count > 0) run.measure(`${name}.rate`, count / seconds, '1/s');
  }
  measureArrivals(run, name, began, wanted);
  const paths = memory.paths.reduce((sum, one) => sum + one, 0);
  if (paths > 0) run.measure(`${name}.paths`, paths, 'count');
  await run.collect();
  return {
    ended: typeof outcome === 'string' ? outcome : outcome.ended,
    busySeconds: seconds,
  };
}

/** Whether there is more to see of what was sent than that TCP has taken it. */
function showsEffect({ memory, scenario }: RunContext): boolean {
  return memory.sinks.length > 0 || scenario.target.pid !== undefined;
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
  const { hosts, memory, sources, plans, table } = run;
  const { duration, rate, gap, settle } = phase;
  const readied = run.announced ? 'done' : await announceFirst(run, settle);
  const began = run.elapsed;
  if (readied === 'timeout' || readied === 'interrupted') {
    return { ended: readied, busySeconds: began };
  }
  if (table !== undefined) noteAnnouncers(plans, memory, table);
  const before = total(memory, Counter.updatesSent);
  const startsAt = now() + lead;
  const options = { startsAt, rate, gap: gap * 1000, sources: sources.length };
  await hosts.each((host) => host.record(true));
  await hosts.each((host) => host.startChurn(options));
  const end = run.elapsed + duration + lead / 1000;
  const outcome = await lastFor(run, end, () => 1 - (end - run.elapsed) / duration);
  const seconds = run.elapsed - began;
  const sent = total(memory, Counter.updatesSent) - before;
  const sending = Math.max(0, now() - startsAt) / 1000;
  run.measure('churn.rate', sent / sending, '1/s');
  await hosts.each((host) => host.stopChurn(outcome !== 'done'));
  const { ended } =
    outcome === 'done' ? await comeBack(run, settle, Number.POSITIVE_INFINITY) : { ended: outcome };
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
  return written === 'done' ? (await comeBack(run, settle, timeout)).ended : written;
}

/** Waits until the sinks hold everything again, or nothing more comes for `settle` seconds; how long that took. */
async function comeBack(
  run: RunContext,
  settle: number,
  timeout: number,
): Promise<{ ended: PhaseResult['ended']; seconds: number }> {
  const { memory, oracle } = run;
  const began = now();
  oracle?.expected.update(run.announced);
  const wanted = memory.sinks.map((_, sink) => oracle?.expected.count(sink) ?? 0);
  const arrived = (): boolean => isEverywhere(run, wanted);
  const outcome = await waitForEffect(run, began, arrived, timeout, settle, () => 1);
  return typeof outcome === 'string'
    ? { ended: outcome, seconds: (now() - began) / 1000 }
    : outcome;
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
    const up = (now() - began) / 1000;
    const back = await comeBack(run, settle, limit);
    ended = back.ended;
    longest = Math.max(longest, up + back.seconds);
  }
  await run.collect(true);
  if (longest > 0) run.measure('flap.duration', longest);
  return { ended, busySeconds: run.elapsed };
}

async function withdraw(run: RunContext, phase: PhaseOf<'withdraw'>): Promise<Outcome> {
  const { hosts, memory, oracle, sources } = run;
  const { timeout, settle } = phase;
  const sentBefore = total(memory, Counter.updatesSent);
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
  const isSent = total(memory, Counter.updatesSent) > sentBefore;
  if (isSent && written === 'done') run.measure('withdraw.written', writtenSeconds);
  oracle?.expected.update(false);
  const gone = (): boolean => memory.present.every((held) => held === 0);
  const outcome =
    written === 'done'
      ? await waitForEffect(run, began, gone, timeout, settle, () => 0.5)
      : written;
  const seconds =
    typeof outcome === 'string' ? run.elapsed : Math.max(outcome.seconds, writtenSeconds);
  if (isSent && showsEffect(run)) {
    run.measure('withdraw.duration', Math.max(seconds, measureDepartures(run, began)));
  }
  await run.collect();
  return { ended: typeof outcome === 'string' ? outcome : outcome.ended, busySeconds: seconds };
}
