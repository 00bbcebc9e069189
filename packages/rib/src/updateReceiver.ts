import {
  Afi,
  areAttributesSound,
  endOfRibFamily,
  type FamilyKey,
  type Fault,
  familyKey,
  ipv4Unicast,
  type NlriContext,
  Safi,
  splitAttributes,
  splitSections,
  type UpdateOptions,
  type UpdateView,
  validateAttributes,
  validateNlri,
  validateNlriFields,
} from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import type { AttributeStore } from './attributeStore.ts';
import type { FamilyTables } from './familyTables.ts';
import { UpdateBlocks } from './updateBlocks.ts';
import { joinFaults, UpdateOutcome } from './updateOutcome.ts';

const evpn = familyKey(Afi.l2vpn, Safi.evpn);

/**
 * Applies UPDATEs to the tables of the peer that has sent them, as far as RFC 7606 lets them take effect. One for
 * all peers of a store, as one UPDATE is received at a time.
 */
export class UpdateReceiver {
  /** Of the peer whose UPDATE it is. */
  #tables!: FamilyTables;
  readonly #blocks: UpdateBlocks;
  readonly #outcome = new UpdateOutcome();

  /** `attributes`: of the store that the tables are of. */
  constructor(attributes: AttributeStore) {
    this.#blocks = new UpdateBlocks(attributes);
  }

  /** As `AdjRibIn.receive`, into the tables of a peer, on a session of these options. */
  receive(
    tables: FamilyTables,
    view: UpdateView,
    bytes: Uint8Array,
    start: number,
    end: number,
    options: UpdateOptions,
  ): UpdateOutcome {
    this.#tables = tables;
    const outcome = this.#outcome;
    outcome.reset();
    if (splitSections(view, bytes, start, end) !== undefined) {
      outcome.setFaults(view.faults!);
      return outcome;
    }
    const table = this.#plainTable(view);
    if (table === undefined) return this.#receiveNew(view, options, undefined, undefined);
    const blocks = this.#blocks;
    const hash = blocks.hash(view);
    let block = blocks.known(view, table.context, hash);
    if (block === 0) {
      if (!areAttributesSound(view, options)) return this.#receiveNew(view, options, table, hash);
      block = blocks.takeSound(view, table.context, hash);
    }
    table.announce(bytes, view.nlriStart, view.nlriEnd, block, outcome);
    blocks.release();
    return outcome;
  }

  /**
   * The table of a plain UPDATE, one with attributes and sound IPv4 unicast routes in its NLRI field, and no
   * withdrawals, by its sections; `undefined` for any other. If its attributes were found sound before, as most
   * are of a neighbour that tells what another has told, there is nothing more to find out, and half the work done.
   */
  #plainTable(view: UpdateView): AdjRibInFamily | undefined {
    const table = this.#tables.plain;
    if (table === undefined || table.isDisabled) return undefined;
    const { bytes, withdrawnStart, withdrawnEnd, nlriStart, nlriEnd } = view;
    if (nlriStart === nlriEnd || withdrawnStart !== withdrawnEnd) return undefined;
    const fault = validateNlri(bytes, nlriStart, nlriEnd, ipv4Unicast, table.hasPathIds, 'reach');
    return fault === undefined ? table : undefined;
  }

  /** Applies an UPDATE of any kind of which the sections are known. `plain`, `hash`: of a plain one, table and attributes. */
  #receiveNew(
    view: UpdateView,
    options: UpdateOptions,
    plain: AdjRibInFamily | undefined,
    hash: number | undefined,
  ): UpdateOutcome {
    const outcome = this.#outcome;
    if (splitAttributes(view)?.action === 'sessionReset') {
      outcome.setFaults(view.faults!);
      return outcome;
    }
    const { bytes, nlriStart, nlriEnd, mpReachFamily, mpReachNlriStart, mpReachNlriEnd } = view;
    const isSound = plain !== undefined && !view.hasMpAttribute;
    const faults = joinFaults(view.faults, isSound ? undefined : validateNlriFields(view, options));
    if (faults === undefined && !isSound) {
      const ended = endOfRibFamily(view);
      if (ended !== undefined) return this.#endOfRib(ended, options);
    }
    const nlri = plain ?? this.#tableOf(ipv4Unicast, nlriStart, nlriEnd, options);
    const mpReach = this.#tableOf(mpReachFamily, mpReachNlriStart, mpReachNlriEnd, options);
    const blocks = this.#blocks;
    const found = this.#tables.storeRoutes
      ? blocks.take(view, options, nlri?.context, mpReach?.context, hash)
      : validateAttributes(view, options);
    if (faults === undefined && found === undefined) {
      if (!isSound) this.#withdraw(view, options);
      nlri?.announce(bytes, nlriStart, nlriEnd, blocks.nlri, outcome);
      mpReach?.announce(bytes, mpReachNlriStart, mpReachNlriEnd, blocks.mpReach, outcome);
    } else this.#applyFaulty(view, options, joinFaults(faults, found)!, nlri, mpReach);
    blocks.release();
    return outcome;
  }

  /** As RFC 7606 §2 has it, of each fault found. */
  #applyFaulty(
    view: UpdateView,
    options: UpdateOptions,
    faults: Fault[],
    nlri: AdjRibInFamily | undefined,
    mpReach: AdjRibInFamily | undefined,
  ): void {
    const outcome = this.#outcome;
    outcome.setFaults(faults);
    if (outcome.fault!.action === 'sessionReset') return;
    this.#disableFamilies(faults, options);
    this.#withdraw(view, options);
    const { bytes, nlriStart, nlriEnd, mpReachNlriStart, mpReachNlriEnd } = view;
    const { nlri: nlriBlock, mpReach: mpReachBlock } = this.#blocks;
    const isWithdrawal = faults.some(({ action }) => action === 'treatAsWithdraw');
    for (const [table, start, end, block] of [
      [nlri, nlriStart, nlriEnd, nlriBlock] as const,
      [mpReach, mpReachNlriStart, mpReachNlriEnd, mpReachBlock] as const,
    ]) {
      if (table === undefined || table.isDisabled) continue;
      if (isWithdrawal) table.withdraw(bytes, start, end, announcedContext(table), outcome);
      else table.announce(bytes, start, end, block, outcome);
    }
  }

  /** RFC 4760 §7: the routes of the family go, and later ones are ignored until the session ends. */
  #disableFamilies(faults: readonly Fault[], options: UpdateOptions): void {
    for (const { action, family } of faults) {
      if (action !== 'afiSafiDisable' || family === undefined) continue;
      const table = this.#tables.getOrAdd(family, options);
      table.isDisabled = true;
      this.#outcome.withdrawn += table.removeAll();
      table.giveUp();
    }
  }

  #withdraw(view: UpdateView, options: UpdateOptions): void {
    const { bytes, withdrawnStart, withdrawnEnd, mpUnreachStart, mpUnreachEnd } = view;
    const outcome = this.#outcome;
    this.#tableOf(ipv4Unicast, withdrawnStart, withdrawnEnd, options)?.withdraw(
      bytes,
      withdrawnStart,
      withdrawnEnd,
      'unreach',
      outcome,
    );
    this.#tableOf(view.mpUnreachFamily, mpUnreachStart, mpUnreachEnd, options)?.withdraw(
      bytes,
      mpUnreachStart,
      mpUnreachEnd,
      'unreach',
      outcome,
    );
  }

  #endOfRib(family: FamilyKey, options: UpdateOptions): UpdateOutcome {
    const outcome = this.#outcome;
    if (!options.families.has(family)) {
      outcome.ignoredFields = 1;
      return outcome;
    }
    this.#tables.endOfRibReceived(family);
    outcome.endOfRib = family;
    const table = this.#tables.get(family);
    // What is stale since a BoRR waits for the EoRR (RFC 7313 §4).
    if (table?.isRefreshing === false) outcome.withdrawn = table.removeStale();
    return outcome;
  }

  /** The table of a field's routes; `undefined` when the field is empty or must be ignored. */
  #tableOf(
    family: FamilyKey,
    start: number,
    end: number,
    options: UpdateOptions,
  ): AdjRibInFamily | undefined {
    if (start >= end) return undefined;
    const table = options.families.has(family) ? this.#tables.getOrAdd(family, options) : undefined;
    if (table?.isDisabled === false) return table;
    this.#outcome.ignoredFields += 1;
    return undefined;
  }
}

/**
 * How the routes of an announcement are read in order to withdraw them. An EVPN route with the one flaw
 * that leaves it readable is read as a withdrawal (see `decodeNlri`); labels make the difference for others.
 */
function announcedContext({ family }: AdjRibInFamily): NlriContext {
  return family === evpn ? 'unreach' : 'reach';
}
