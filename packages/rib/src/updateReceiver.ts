import {
  Afi,
  endOfRibFamily,
  type FamilyKey,
  type Fault,
  familyKey,
  ipv4Unicast,
  maximumExtendedMessageLength,
  type NlriContext,
  Safi,
  splitUpdate,
  type UpdateOptions,
  UpdateView,
  validateAttributes,
  validateNlriFields,
} from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import type { AttributeStore } from './attributeStore.ts';
import type { FamilyTables } from './familyTables.ts';
import { PlainReceiver } from './plainReceiver.ts';
import { UpdateBlocks } from './updateBlocks.ts';
import { joinFaults, UpdateOutcome } from './updateOutcome.ts';

const evpn = familyKey(Afi.l2vpn, Safi.evpn);

// Where the parts of what is being received stand: one of each for the thread, as one UPDATE is received at a time.
const view = new UpdateView();

/**
 * Applies UPDATEs to the tables of the peer that has sent them, as far as RFC 7606 lets them take effect. One for
 * all peers of a store, as one UPDATE is received at a time.
 */
export class UpdateReceiver {
  /** Of the peer whose UPDATE it is. */
  #tables!: FamilyTables;
  readonly #plain: PlainReceiver;
  readonly #blocks: UpdateBlocks;
  readonly #outcome = new UpdateOutcome();

  /** `attributes`: of the store that the tables are of. */
  constructor(attributes: AttributeStore) {
    this.#plain = new PlainReceiver(attributes);
    this.#blocks = new UpdateBlocks(attributes);
  }

  /** As `AdjRibIn.receive`, into the tables of a peer, on a session of these options. */
  receive(
    tables: FamilyTables,
    bytes: Uint8Array,
    start: number,
    end: number,
    options: UpdateOptions,
  ): UpdateOutcome {
    const outcome = this.receivePlain(
      tables,
      bytes,
      start,
      end,
      maximumExtendedMessageLength,
      options,
    );
    if (outcome.messages !== 0) return outcome;
    outcome.messages = 1;
    outcome.octets = end - start;
    this.#tables = tables;
    this.#receiveAny(bytes, start, end, options);
    return outcome;
  }

  /** As `AdjRibIn.receivePlain`, likewise. */
  receivePlain(
    { plain }: FamilyTables,
    bytes: Uint8Array,
    start: number,
    end: number,
    maximumLength: number,
    options: UpdateOptions,
  ): UpdateOutcome {
    const outcome = this.#outcome;
    outcome.reset();
    if (plain?.isDisabled !== false) return outcome;
    this.#plain.receive(bytes, start, end, maximumLength, plain, options, outcome);
    return outcome;
  }

  #receiveAny(bytes: Uint8Array, start: number, end: number, options: UpdateOptions): void {
    const outcome = this.#outcome;
    if (splitUpdate(view, bytes, start, end)?.action === 'sessionReset') {
      outcome.setFaults(view.faults!);
      return;
    }
    const faults = joinFaults(view.faults, validateNlriFields(view, options));
    if (faults === undefined) {
      const ended = endOfRibFamily(view);
      if (ended !== undefined) return this.#endOfRib(ended, options);
    }
    const { nlriStart, nlriEnd, mpReachFamily, mpReachNlriStart, mpReachNlriEnd } = view;
    const nlri = this.#tableOf(ipv4Unicast, nlriStart, nlriEnd, options);
    const mpReach = this.#tableOf(mpReachFamily, mpReachNlriStart, mpReachNlriEnd, options);
    const blocks = this.#blocks;
    const found = this.#tables.storeRoutes
      ? blocks.take(view, options, nlri?.context, mpReach?.context)
      : validateAttributes(view, options);
    if (faults === undefined && found === undefined) {
      this.#withdraw(options);
      nlri?.announce(bytes, nlriStart, nlriEnd, blocks.nlri, outcome);
      mpReach?.announce(bytes, mpReachNlriStart, mpReachNlriEnd, blocks.mpReach, outcome);
    } else this.#applyFaulty(options, joinFaults(faults, found)!, nlri, mpReach);
    blocks.release();
  }

  /** As RFC 7606 §2 has it, of each fault found. */
  #applyFaulty(
    options: UpdateOptions,
    faults: Fault[],
    nlri: AdjRibInFamily | undefined,
    mpReach: AdjRibInFamily | undefined,
  ): void {
    const outcome = this.#outcome;
    outcome.setFaults(faults);
    if (outcome.fault!.action === 'sessionReset') return;
    this.#disableFamilies(faults, options);
    this.#withdraw(options);
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

  #withdraw(options: UpdateOptions): void {
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

  #endOfRib(family: FamilyKey, options: UpdateOptions): void {
    const outcome = this.#outcome;
    if (!options.families.has(family)) {
      outcome.ignoredFields = 1;
      return;
    }
    this.#tables.endOfRibReceived(family);
    outcome.endOfRib = family;
    const table = this.#tables.get(family);
    // What is stale since a BoRR waits for the EoRR (RFC 7313 §4).
    if (table?.isRefreshing === false) outcome.withdrawn = table.removeStale();
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
