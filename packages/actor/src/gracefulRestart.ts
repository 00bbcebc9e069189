import type { NegotiatedSession, RetainedRoutes } from '@peerloom/fsm';
import { NoticeCode } from '@peerloom/ipc';
import type { AdjRibIn } from '@peerloom/rib';
import { type Capability, type FamilyKey, familyKey, familyName } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import type { PeerRoutes } from './peerRoutes.ts';
import { routesText } from './routesText.ts';
import { Alarm } from './timerWheel.ts';

/**
 * A peer's routes between two of its sessions: the receiving speaker of graceful restart (RFC 4724 §4.2,
 * RFC 8538 §4) and the helper of long-lived graceful restart (RFC 9494 §4.2). The tables mark and sweep;
 * here is the time that they have for it.
 *
 * | from | until | for how long |
 * |---|---|---|
 * | the session went down | it is back, or the restart time that the peer gave is over | restart timer |
 * | the restart time is over | the routes have been confirmed, or not in time | long-lived stale timer, by family |
 * | the session is back | each family's End-of-RIB, at the latest | stale timer |
 */
export class GracefulRestart {
  readonly #routes: PeerRoutes;
  readonly #context: ActorContext;
  readonly #table: AdjRibIn;
  readonly #restart: Alarm = new Alarm(() => this.#run(() => this.#restartTimeOver()));
  readonly #stale: Alarm = new Alarm(() => this.#run(() => this.#staleTimeOver()));
  /** Families that are kept as long-lived stale, each with its timer. */
  readonly #longLived = new Map<FamilyKey, Alarm>();
  /** Families whose long-lived stale time was over while a new session was confirming them. */
  readonly #overdue = new Set<FamilyKey>();
  #longLivedStaleTimes: ReadonlyMap<FamilyKey, number> = new Map();

  constructor(routes: PeerRoutes, context: ActorContext) {
    this.#routes = routes;
    this.#context = context;
    this.#table = routes.table;
  }

  /** The session has ended; `retained`: what may outlive it. */
  sessionDown(retained: RetainedRoutes | undefined, keepStale: boolean): void {
    const { wheel, clock } = this.#context;
    wheel.disarm(this.#stale);
    // RFC 9494 §4.2: time ran out while they were being confirmed, and now nobody will.
    for (const family of this.#overdue) this.#table.removeStale(family);
    this.#overdue.clear();
    if (retained === undefined) {
      this.#table.sessionDown();
      this.#forget();
      return;
    }
    this.#table.sessionDown({ families: retained.families, keepStale });
    this.#longLivedStaleTimes = retained.longLivedStaleTimes;
    this.#dropIdle();
    const routes = this.#staleRoutes();
    if (routes === 0) return;
    wheel.arm(this.#restart, clock.now() + retained.restartTime * 1000);
    this.#routes.owner.notices.give(
      NoticeCode.routesRetained,
      `${routesText(routes, 'route')} kept for ${retained.restartTime} s while the peer restarts`,
      { routes, restartTime: retained.restartTime },
    );
  }

  /** A session is up: what it cannot go on from is removed, the rest waits to be confirmed. */
  sessionUp(negotiated: NegotiatedSession): void {
    const { wheel, clock } = this.#context;
    const before = this.#staleRoutes();
    wheel.disarm(this.#restart);
    this.#table.sessionUp(negotiated.options, {
      gracefulRestart: negotiated.gracefulRestart !== undefined,
      forwarding: this.#forwarding(negotiated),
    });
    this.#dropIdle();
    const left = this.#staleRoutes();
    this.#removed(before - left, 'the new session does not go on from them');
    const switches = this.#routes.owner.options.capabilities.gracefulRestart;
    if (left > 0 && switches !== false) {
      wheel.arm(this.#stale, clock.now() + switches.staleTime * 1000);
    }
  }

  /** The family's End-of-RIB has come, and its stale routes are gone. */
  endOfRib(family: FamilyKey, removed: number): void {
    this.#removed(removed, `the peer ended its ${familyName(family)} routes without them`);
    this.#dropIdle();
    if (this.#staleRoutes() === 0) this.#context.wheel.disarm(this.#stale);
  }

  /** Disarms everything. */
  dispose(): void {
    this.#forget();
    this.#context.wheel.disarm(this.#stale);
  }

  /** Families whose stale routes may stay: forwarding was kept, by the capability that they were kept under. */
  #forwarding({ gracefulRestart, peerCapabilities }: NegotiatedSession): Set<FamilyKey> {
    const kept = new Set<FamilyKey>();
    const longLived = longLivedForwarding(peerCapabilities);
    for (const [family, forwarding] of gracefulRestart?.families ?? []) {
      const byLongLived = this.#longLived.has(family);
      if (byLongLived ? longLived.has(family) : forwarding) kept.add(family);
    }
    return kept;
  }

  #restartTimeOver(): void {
    const { wheel, clock } = this.#context;
    let removed = 0;
    for (const { family, staleRoutes } of this.#table.families) {
      if (staleRoutes === 0) continue;
      const seconds = this.#longLivedTime(family);
      if (seconds === 0) {
        removed += this.#table.removeStale(family);
        continue;
      }
      this.#table.beginLongLivedStale(family);
      // A timer that runs already is not to be changed (RFC 9494 §4.2).
      if (this.#longLived.has(family)) continue;
      const alarm = new Alarm(() => this.#run(() => this.#longLivedTimeOver(family)));
      this.#longLived.set(family, alarm);
      wheel.arm(alarm, clock.now() + seconds * 1000);
    }
    this.#removed(removed, 'the peer did not come back within its restart time');
    this.#dropIdle();
  }

  #longLivedTimeOver(family: FamilyKey): void {
    this.#longLived.delete(family);
    if (this.#routes.owner.session !== undefined) {
      this.#overdue.add(family);
      return;
    }
    const why = 'the peer did not come back within their long-lived stale time';
    this.#removed(this.#table.removeStale(family), why);
  }

  #staleTimeOver(): void {
    this.#removed(this.#table.removeStale(), 'the peer is back, but did not announce them in time');
    this.#dropIdle();
  }

  /** The lower of what the peer asked for and of what we grant (RFC 9494 §4.2). */
  #longLivedTime(family: FamilyKey): number {
    const granted = this.#routes.owner.options.capabilities.longLivedGracefulRestart;
    if (granted === false) return 0;
    return Math.min(this.#longLivedStaleTimes.get(family) ?? 0, granted.staleTime);
  }

  /** Forgets what was kept about families that have nothing stale any more. */
  #dropIdle(): void {
    for (const [family, alarm] of this.#longLived) {
      if ((this.#table.family(family)?.staleRoutes ?? 0) > 0) continue;
      this.#context.wheel.disarm(alarm);
      this.#longLived.delete(family);
    }
    for (const family of this.#overdue) {
      if ((this.#table.family(family)?.staleRoutes ?? 0) === 0) this.#overdue.delete(family);
    }
  }

  #forget(): void {
    const { wheel } = this.#context;
    wheel.disarm(this.#restart);
    for (const alarm of this.#longLived.values()) wheel.disarm(alarm);
    this.#longLived.clear();
  }

  #staleRoutes(): number {
    let routes = 0;
    for (const { staleRoutes } of this.#table.families) routes += staleRoutes;
    return routes;
  }

  #removed(routes: number, why: string): void {
    if (routes <= 0) return;
    const text = `${routesText(routes, 'stale route')} removed: ${why}`;
    this.#routes.owner.notices.give(NoticeCode.staleRemoved, text, { routes });
  }

  #run(run: () => void): void {
    this.#routes.owner.protect(run);
  }
}

function longLivedForwarding(capabilities: readonly Capability[]): Set<FamilyKey> {
  const families = new Set<FamilyKey>();
  for (const capability of capabilities) {
    if (capability.type !== 'longLivedGracefulRestart') continue;
    for (const { afi, safi, forwarding } of capability.families) {
      if (forwarding) families.add(familyKey(afi, safi));
    }
  }
  return families;
}
