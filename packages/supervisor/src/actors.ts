import {
  type Announcement,
  type AnnounceResult,
  CommandKind,
  type CommonPeerOptions,
  type SpawnRequest,
  type Withdrawal,
} from '@peerloom/ipc';
import { inParts, nothingAnnounced, refusedByAll, sumOf } from './announceInParts.ts';
import { type Core, isShutDown } from './core.ts';
import type { HostLink } from './hostLink.ts';
import type { HostPool, HostSlot } from './hostPool.ts';
import { errorText, PeerloomError } from './peerloomError.ts';
import type { PeerRecord } from './peerRecord.ts';

/** Actors that are made in one go: a host that runs others besides is busy with them for some milliseconds. */
const spawnsAtOnce = 256;

/** The lives of the actors: made, changed, brought back, removed. */
export class Actors {
  readonly #core: Core;
  readonly #pool: HostPool;
  /** Hands over the connections that came before the actor did. */
  readonly #onReady: (record: PeerRecord) => void;
  /** What each host has been told that all peers are told. */
  readonly #told = new WeakMap<HostLink, Promise<AnnounceResult>>();
  /** For the first actor of each peer after our own restart (RFC 4724 §4.1). */
  #restarting: boolean;

  constructor(
    core: Core,
    pool: HostPool,
    restarting: boolean,
    onReady: (record: PeerRecord) => void,
  ) {
    this.#core = core;
    this.#pool = pool;
    this.#restarting = restarting;
    this.#onReady = onReady;
  }

  /** This speaker is no longer one that has just restarted. */
  restarted(): void {
    this.#restarting = false;
  }

  /** The host of a peer whose actor is ready to be sent mail. */
  linkOf(record: PeerRecord): HostLink | undefined {
    return record.status === 'ready' ? record.slot?.link : undefined;
  }

  /**
   * The host that can be asked about a peer: also while the actor is being made, for what is asked
   * after `spawn` is answered after it.
   */
  askable(record: PeerRecord): HostLink | undefined {
    return record.status === 'spawning' ? record.slot?.link : this.linkOf(record);
  }

  /**
   * Makes the actors of peers that have none, and starts them. One whose host is being replaced is
   * made when the host is back.
   *
   * @throws PeerloomError `ERR_PEERLOOM_HOST` when a host refuses one; the others are made all the same.
   */
  async spawn(records: readonly PeerRecord[]): Promise<void> {
    const bySlot = new Map<HostSlot, PeerRecord[]>();
    for (const record of records) {
      record.slot ??= this.#pool.place();
      record.slot.peers.add(record);
      const its = bySlot.get(record.slot);
      if (its === undefined) bySlot.set(record.slot, [record]);
      else its.push(record);
    }
    const results = await Promise.allSettled(
      [...bySlot].map(([slot, its]) => this.#spawnAt(slot, its)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Other options for a peer. `reset`: its session had to end for them. */
  async update(record: PeerRecord, options: CommonPeerOptions): Promise<'kept' | 'reset'> {
    const wasDown = isShutDown(record);
    record.options = options;
    const link = this.askable(record);
    if (link === undefined) return 'reset';
    const result = await link.ask((control) => control.update(record.id, options));
    const isDown = isShutDown(record);
    if (isDown && !wasDown) this.shutDown(record);
    if (!isDown && wasDown) this.command(record, CommandKind.start);
    return result;
  }

  /** Tells a peer's actor something; nothing when there is none. */
  command(record: PeerRecord, action: CommandKind, text = ''): void {
    this.linkOf(record)?.command(record.id, action, text);
  }

  /** Cease/Administrative Shutdown with the text that the options give. */
  shutDown(record: PeerRecord): void {
    const { shutdown } = record.options;
    this.command(record, CommandKind.shutdown, typeof shutdown === 'string' ? shutdown : '');
  }

  /** Ends a peer's session with Cease/Peer De-configured, and waits, not for ever, until nothing of the actor is left. */
  async remove(record: PeerRecord, text: string): Promise<void> {
    const link = this.linkOf(record);
    record.status = 'removing';
    record.slot?.peers.delete(record);
    this.#core.announcements.forget(record.id);
    if (link === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#core.limits.closeTime * 1000);
      record.onStopped = () => {
        clearTimeout(timer);
        resolve();
      };
      link.command(record.id, CommandKind.deconfigure, text);
    });
    record.onStopped = undefined;
  }

  /** A host is gone, and with it every actor that it had. */
  onHostDown(slot: HostSlot): void {
    for (const record of slot.peers) {
      if (record.status !== 'removing') record.status = 'absent';
      record.onStopped?.();
    }
  }

  /** A host is there: it is told what all peers are told, and its peers get their actors back. */
  async onHostUp(slot: HostSlot): Promise<void> {
    const { link } = slot;
    if (link === undefined) return;
    const { announcements } = this.#core;
    const told = inParts(announcements.forAll(), (part) =>
      link.ask((control) => control.announce('all', part)),
    ).then((result) => this.#rejections(result));
    this.#told.set(link, told);
    await told;
    await this.#spawnAt(slot, [...slot.peers]);
  }

  /** What came of telling the hosts that there are what all peers are told. */
  async told(): Promise<AnnounceResult> {
    const links = this.#pool.slots.flatMap(({ link }) => link ?? []);
    return sumOf(
      await Promise.all(
        links.map((link) => this.#told.get(link) ?? Promise.resolve(nothingAnnounced)),
      ),
    );
  }

  /** Sends the UPDATEs of a peer here, or no longer. */
  subscribe(record: PeerRecord, on: boolean): void {
    this.askable(record)
      ?.ask((control) => control.subscribeUpdates(record.id, on))
      // The host is gone, or the peer: there is nothing to send then.
      .catch(() => {});
  }

  /** Announces to a peer or to all of them, and remembers it for actors to come. */
  async announce(
    scope: PeerRecord | 'all',
    announcements: readonly Announcement[],
  ): Promise<AnnounceResult> {
    const to = scope === 'all' ? 'all' : scope.id;
    this.#core.assertThere(scope);
    return await inParts(announcements, async (part) => {
      // What is kept for a peer that went between two parts, nobody would forget.
      this.#core.assertThere(scope);
      const takeBack = this.#core.announcements.announce(to, part);
      const results = await this.#eachHost(scope, (link) =>
        link.ask((control) => control.announce(to, part)),
      );
      takeBack(refusedByAll(results));
      return sumOf(results);
    });
  }

  /** Withdraws from a peer or from all of them. */
  async withdraw(
    scope: PeerRecord | 'all',
    withdrawals: readonly Withdrawal[],
  ): Promise<AnnounceResult> {
    const to = scope === 'all' ? 'all' : scope.id;
    this.#core.assertThere(scope);
    return await inParts(withdrawals, async (part) => {
      this.#core.assertThere(scope);
      this.#core.announcements.withdraw(to, part);
      return sumOf(
        await this.#eachHost(scope, (link) => link.ask((control) => control.withdraw(to, part))),
      );
    });
  }

  async #eachHost<Result extends AnnounceResult>(
    scope: PeerRecord | 'all',
    ask: (link: HostLink) => Promise<Result>,
  ): Promise<(Result | AnnounceResult)[]> {
    const links =
      scope === 'all'
        ? this.#pool.slots.flatMap(({ link }) => link ?? [])
        : [this.askable(scope)].filter((link) => link !== undefined);
    return await Promise.all(
      links.map((link) =>
        ask(link).catch((error: unknown) => {
          // A host that has died is told when it is back: it is all remembered.
          if (link.alive) throw error;
          return nothingAnnounced;
        }),
      ),
    );
  }

  async #spawnAt(slot: HostSlot, records: readonly PeerRecord[]): Promise<void> {
    const absent = records.filter((record) => record.status === 'absent');
    const refusals: string[] = [];
    for (let at = 0; at < absent.length; at += spawnsAtOnce) {
      const { link } = slot;
      if (link === undefined) return;
      const part = absent.slice(at, at + spawnsAtOnce);
      for (const record of part) record.status = 'spawning';
      try {
        refusals.push(...(await this.#make(link, part)));
      } catch (error) {
        // A host that has died takes nobody with it for good: its peers are made when it is back.
        if (!link.alive) return;
        for (const record of part) if (record.status === 'spawning') record.status = 'absent';
        throw error;
      }
    }
    if (refusals.length > 0) throw new PeerloomError('ERR_PEERLOOM_HOST', refusals.join('; '));
  }

  /**
   * Actors, with everything that each must know before its session comes up; then they are started. Tells
   * which ones the host has refused.
   */
  async #make(link: HostLink, records: readonly PeerRecord[]): Promise<string[]> {
    const refused = await link.spawn(records.map((record) => this.#requestOf(record)));
    const reasons = new Map(refused.map(({ peer, why }) => [peer, why]));
    await this.#told.get(link);
    // Most peers have nothing that is theirs alone.
    const owners = records.filter((record) => !reasons.has(record.id) && this.#hasOwn(record));
    await Promise.all(
      owners.map((record) =>
        this.#tellOwn(link, record).catch((error: unknown) =>
          reasons.set(record.id, errorText(error)),
        ),
      ),
    );
    if (!link.alive) return [];
    for (const record of records) {
      if (!reasons.has(record.id)) this.#start(link, record);
      else if (record.status === 'spawning') record.status = 'absent';
    }
    return records.flatMap(({ id, key }) =>
      reasons.has(id) ? [`${key}: ${reasons.get(id)}`] : [],
    );
  }

  #requestOf({ id: peer, address, options, lastSession, lastDial }: PeerRecord): SpawnRequest {
    const restarting = this.#restarting;
    return { peer, address, options, context: { restarting, lastSession, lastDial } };
  }

  #hasOwn({ id, subscribers }: PeerRecord): boolean {
    return subscribers > 0 || this.#core.announcements.hasOwn(id);
  }

  async #tellOwn(link: HostLink, { id, subscribers }: PeerRecord): Promise<void> {
    if (subscribers > 0) await link.ask((control) => control.subscribeUpdates(id, true));
    const result = await inParts(this.#core.announcements.forPeer(id), (part) =>
      link.ask((control) => control.announce(id, part)),
    );
    this.#rejections(result);
  }

  #start(link: HostLink, record: PeerRecord): void {
    if (record.status !== 'spawning') {
      // Removed while it was being made: nobody but us knows of it.
      link.command(record.id, CommandKind.deconfigure);
      return;
    }
    record.status = 'ready';
    if (!isShutDown(record)) link.command(record.id, CommandKind.start, 'started by the engine');
    this.#onReady(record);
  }

  /** Reports routes that an actor has refused, to whoever is not there to get the answer. */
  #rejections(result: AnnounceResult): AnnounceResult {
    if (result.rejected > 0) {
      const text = `${result.rejected} routes cannot be announced: ${result.errors.join('; ')}`;
      this.#core.events.notice('announce-rejected', text);
    }
    return result;
  }
}
