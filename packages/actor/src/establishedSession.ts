import type {
  SessionEnd as FsmSessionEnd,
  NegotiatedSession,
  SessionUpOutput,
} from '@peerloom/fsm';
import { type NegotiatedSession as Description, NoticeCode, type SessionEnd } from '@peerloom/ipc';
import type { UpdateOutcome } from '@peerloom/rib';
import {
  CeaseSubcode,
  decodeRouteRefresh,
  encodeRouteRefresh,
  type FamilyKey,
  type Fault,
  familyKey,
  familyName,
  familyOfKey,
  ipv4Unicast,
  noFamily,
  RouteRefreshSubtype,
} from '@peerloom/wire';
import type { Connection } from './connection.ts';
import { MaximumPrefixes } from './maximumPrefixes.ts';
import { Outbound } from './outbound.ts';
import type { PeerActor } from './peerActor.ts';
import { agreementText, describeSession } from './sessionDescription.ts';

/** What a peer's actor does while its session is Established. */
export class EstablishedSession {
  readonly id: number;
  readonly connection: Connection;
  readonly negotiated: NegotiatedSession;
  readonly outbound: Outbound;
  /** Milliseconds since the epoch. */
  readonly establishedAt: number;
  readonly #actor: PeerActor;
  #maximumPrefixes: MaximumPrefixes | undefined = undefined;

  constructor(actor: PeerActor, connection: Connection, { session, negotiated }: SessionUpOutput) {
    this.id = session;
    this.connection = connection;
    this.negotiated = negotiated;
    this.establishedAt = actor.context.clock.now();
    this.#actor = actor;
    this.outbound = new Outbound(actor, this);
  }

  /** In the words of its people. */
  describe(): Description {
    return describeSession(this.id, this.connection, this.negotiated);
  }

  /** Tells everybody that the session is up, and begins to announce. */
  begin(now: number): void {
    const actor = this.#actor;
    const { peer } = actor;
    actor.routes.sessionUp(this.negotiated);
    this.#actor.context.writer.message({
      kind: 'sessionUp',
      peer,
      session: this.id,
      connection: this.connection.id,
      time: now,
      json: agreementText(this.negotiated),
      remoteAs: this.negotiated.peerAs,
      remoteRouterId: this.negotiated.peerIdentifier,
      ...this.connection.ends,
      dialled: this.connection.dialled,
    });
    const answer = actor.handlerCalls?.sessionUp(this, this.describe());
    if (answer !== undefined) actor.refuse(this.connection, answer);
    else if (this.hasOutput) this.#actor.context.enqueue(actor);
  }

  /** The session has ended. */
  finish(end: FsmSessionEnd, description: SessionEnd): void {
    const actor = this.#actor;
    actor.routes.sessionDown(end.retained, this.negotiated);
    this.outbound.end();
    actor.handlerCalls?.sessionDown(description);
  }

  // ---- what comes in ----

  /**
   * Applies the plain UPDATEs that come next (see `AdjRibIn.receivePlain`), unless somebody is to see each: at most
   * `budget` octets of them. Returns how many octets.
   */
  plainUpdates(budget: number): number {
    const { deframer } = this.connection;
    const octets = Math.min(deframer.unread, budget);
    if (octets === 0 || !this.#needNotSee(octets)) return 0;
    const { routes, status } = this.#actor;
    const { chunk, offset, maximumLength } = deframer;
    const outcome = routes.table.receivePlain(chunk, offset, offset + octets, maximumLength);
    deframer.skip(outcome.octets);
    status.received.addUpdates(outcome.messages, outcome.octets);
    return outcome.octets;
  }

  /** Whether nobody need be told of each of the UPDATEs that these octets hold. */
  #needNotSee(octets: number): boolean {
    const { subscribed, context, options, routes } = this.#actor;
    if (subscribed || context.handler?.onUpdate !== undefined) return false;
    if (options.maximumPrefixes === undefined) return true;
    // There cannot be more prefixes than octets.
    const most = (routes.table.family(ipv4Unicast)?.routes ?? 0) + octets;
    this.#maximumPrefixes ??= new MaximumPrefixes();
    return this.#maximumPrefixes.isSilent(options.maximumPrefixes, ipv4Unicast, most);
  }

  /** An UPDATE has come. */
  update(bytes: Uint8Array, start: number, end: number): void {
    const actor = this.#actor;
    const outcome = actor.routes.table.receive(bytes, start, end);
    const { fault } = outcome;
    if (fault !== undefined && this.#faulty(outcome, fault)) return;
    if (outcome.endOfRib !== noFamily) this.#endOfRib(outcome.endOfRib, outcome.withdrawn);
    if (outcome.announced > 0 && actor.options.maximumPrefixes !== undefined) {
      for (const family of outcome.families) if (this.#exceeds(family)) return;
    }
    const postFault = fault !== undefined;
    if (actor.subscribed) {
      this.#actor.context.writer.update(actor.peer, this.id, bytes, start, end, postFault);
    }
    const answer = actor.handlerCalls?.update(this, bytes, start, end, postFault);
    if (answer !== undefined) actor.refuse(this.connection, answer);
  }

  /** Counts and reports the faults of an UPDATE; returns whether the session ends for them. */
  #faulty(outcome: UpdateOutcome, fault: Fault): boolean {
    const actor = this.#actor;
    const { status, notices } = actor;
    for (const each of outcome.faults) status.fault(each);
    status.lastFault = `${fault.text} (${fault.section})`;
    notices.fault(fault);
    if (fault.action === 'sessionReset') {
      actor.fail(this.connection, fault);
      return true;
    }
    if (fault.action === 'afiSafiDisable') {
      const families = outcome.faults.flatMap((each) =>
        each.action === 'afiSafiDisable' && each.family !== undefined ? [each.family] : [],
      );
      for (const family of new Set(families)) {
        const name = familyName(family);
        notices.give(
          NoticeCode.familyDisabled,
          `${name} is ignored until the session ends: its routes could not be read`,
          { family: name },
        );
      }
    }
    return false;
  }

  #endOfRib(family: FamilyKey, removed: number): void {
    this.#actor.routes.endOfRib(family, removed);
    this.outbound.endOfRibReceived(family);
  }

  /** Whether the peer has announced more prefixes of a family than it may, and the session ends for it. */
  #exceeds(family: FamilyKey): boolean {
    const actor = this.#actor;
    const { maximumPrefixes } = actor.options;
    const count = actor.routes.table.family(family)?.routes ?? 0;
    this.#maximumPrefixes ??= new MaximumPrefixes();
    const verdict = this.#maximumPrefixes.check(maximumPrefixes, family, count);
    if (verdict === undefined) return false;
    const details = {
      family: familyName(family),
      count,
      limit: MaximumPrefixes.limitOf(maximumPrefixes, family),
    };
    if (verdict.verdict === 'warning') {
      actor.notices.give(NoticeCode.maximumPrefixesWarning, verdict.text, details);
      return false;
    }
    actor.notices.give(NoticeCode.maximumPrefixes, verdict.text, details);
    actor.step({
      type: 'stop',
      cause: 'automatic',
      subcode: CeaseSubcode.maximumNumberOfPrefixesReached,
      data: verdict.data,
      text: verdict.text,
      restartAfter: maximumPrefixes!.restartTime ?? 'never',
    });
    return actor.session !== this;
  }

  /** A ROUTE-REFRESH has come (RFC 2918, RFC 7313). */
  routeRefresh(bytes: Uint8Array, start: number, end: number): void {
    const actor = this.#actor;
    const { enhancedRouteRefresh } = this.negotiated;
    const result = decodeRouteRefresh(bytes, start, end, enhancedRouteRefresh);
    if (!result.ok) {
      actor.status.fault(result.fault);
      actor.notices.fault(result.fault);
      return actor.fail(this.connection, result.fault);
    }
    const { afi, safi, subtype } = result.message;
    const family = familyKey(afi, safi);
    if (!this.negotiated.options.families.has(family)) {
      return this.#ignored(`the peer asks for ${familyName(family)}, which the session has not`);
    }
    if (subtype === RouteRefreshSubtype.request) return this.outbound.refresh(family);
    if (!enhancedRouteRefresh) return this.#ignored(`subtype ${subtype} was not agreed on`);
    if (subtype === RouteRefreshSubtype.beginning) {
      if (!actor.routes.table.beginRouteRefresh(family)) {
        this.#ignored(`a BoRR for ${familyName(family)} came before its End-of-RIB`);
      }
    } else if (subtype === RouteRefreshSubtype.ending) {
      const removed = actor.routes.table.endRouteRefresh(family);
      if (removed < 0) this.#ignored(`an EoRR for ${familyName(family)} came without BoRR`);
    } else {
      this.#ignored(`subtype ${subtype} is not known`);
    }
    return undefined;
  }

  #ignored(why: string): void {
    const text = `a ROUTE-REFRESH is ignored: ${why}`;
    this.#actor.notices.give(NoticeCode.routeRefreshIgnored, text);
  }

  /** Asks the peer for all its routes again ("clear soft in"). */
  askForRefresh(): void {
    const actor = this.#actor;
    const { routeRefresh, options } = this.negotiated;
    if (!routeRefresh) {
      actor.notices.give(
        NoticeCode.routeRefreshIgnored,
        'the routes cannot be asked for again: the peer does not announce route refresh',
      );
      return;
    }
    for (const family of options.families) {
      const message = { ...familyOfKey(family), subtype: RouteRefreshSubtype.request };
      this.transmit(encodeRouteRefresh({ kind: 'routeRefresh', ...message }));
    }
  }

  // ---- what goes out ----

  /** Sends all routes again ("clear soft out"). */
  refresh(): void {
    for (const family of this.negotiated.options.families) this.outbound.refresh(family);
  }

  /** Whether anything waits to be sent and there is room for it. */
  get hasOutput(): boolean {
    return this.outbound.canSend;
  }

  /** Sends a bounded part of what waits; returns whether there is more that could be sent now. */
  send(): boolean {
    this.outbound.send();
    return this.outbound.canSend;
  }

  /** Hands whole messages over to be sent. */
  transmit(bytes: Uint8Array): void {
    const actor = this.#actor;
    actor.transmit(this.connection, bytes);
    actor.recorder.sent(this.#actor.context.clock.now(), this.connection.id);
  }
}
