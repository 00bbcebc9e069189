import {
  type Announcement,
  type AnnounceResult,
  CommandKind,
  type PeerOptions,
  type SpawnContext,
  type Withdrawal,
} from '@peerloom/ipc';
import { type Core, isShutDown } from './core.ts';
import type { HostLink } from './hostLink.ts';
import type { HostPool, HostSlot } from './hostPool.ts';
import type { PeerRecord } from './peerRecord.ts';

/** Announcements that go to a host in one message: more would keep its sessions waiting. */
const announcementsAtOnce = 2000;

/** The lives of the actors: made, changed, brought back, removed. */
export class Actors {
  readonly #core: Core;
  readonly #pool: HostPool;
  /** Hands over the connections that came before the actor did. */
  readonly #onReady: (record: PeerRecord) => void;
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
   * made when the host is back. Returns what came of the routes that they are to announce.
   *
   * @throws PeerloomError `ERR_PEERLOOM_HOST` when a host refuses one; the others are made all the same.
   */
  async spawn(records: readonly PeerRecord[]): Promise<AnnounceResult> {
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
    return sum(results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])));
  }

  /** Other options for a peer. `reset`: its session had to end for them. */
  async update(record: PeerRecord, options: PeerOptions): Promise<'kept' | 'reset'> {
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

  /** A host is there: its peers get their actors back. */
  async onHostUp(slot: HostSlot): Promise<void> {
    await this.#spawnAt(slot, [...slot.peers]);
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
    this.#core.announcements.announce(to, announcements);
    return await this.#eachHost(scope, announcements, (link, part) =>
      link.ask((control) => control.announce(to, part)),
    );
  }

  /** Withdraws from a peer or from all of them. */
  async withdraw(
    scope: PeerRecord | 'all',
    withdrawals: readonly Withdrawal[],
  ): Promise<AnnounceResult> {
    const to = scope === 'all' ? 'all' : scope.id;
    this.#core.announcements.withdraw(to, withdrawals);
    return await this.#eachHost(scope, withdrawals, (link, part) =>
      link.ask((control) => control.withdraw(to, part)),
    );
  }

  async #eachHost<T>(
    scope: PeerRecord | 'all',
    items: readonly T[],
    ask: (link: HostLink, part: readonly T[]) => Promise<AnnounceResult>,
  ): Promise<AnnounceResult> {
    const links =
      scope === 'all'
        ? this.#pool.slots.flatMap(({ link, peers }) => (link && peers.size > 0 ? [link] : []))
        : [this.askable(scope)].filter((link) => link !== undefined);
    const results = await Promise.all(
      links.map((link) => inParts(items, (part) => ask(link, part))),
    );
    return sum(results);
  }

  async #spawnAt(slot: HostSlot, records: readonly PeerRecord[]): Promise<AnnounceResult> {
    const { link } = slot;
    const absent = records.filter((record) => record.status === 'absent');
    if (link === undefined || absent.length === 0) return nothing;
    const isWholeHost = absent.length === slot.peers.size;
    for (const record of absent) record.status = 'spawning';
    const results = await Promise.allSettled(absent.map((record) => this.#make(link, record)));
    const made = absent.filter((_, index) => results[index]!.status === 'fulfilled');
    const announced = await this.#replay(link, made, isWholeHost).catch((error: unknown) => {
      if (link.alive) throw error;
      return nothing;
    });
    // A host that has died takes nobody with it for good: its peers are made when it is back.
    if (!link.alive) return nothing;
    for (const record of made) this.#start(link, record);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return announced;
  }

  async #make(link: HostLink, record: PeerRecord): Promise<void> {
    const context: SpawnContext = {
      restarting: this.#restarting,
      lastSession: record.lastSession,
      lastDial: record.lastDial,
    };
    try {
      await link.ask((control) => control.spawn(record.id, record.options, context));
      if (record.subscribers > 0) {
        await link.ask((control) => control.subscribeUpdates(record.id, true));
      }
    } catch (error) {
      if (link.alive && record.status === 'spawning') record.status = 'absent';
      throw error;
    }
  }

  /** The actor knows everything that it must before its session comes up. */
  #start(link: HostLink, record: PeerRecord): void {
    if (record.status !== 'spawning') {
      // Removed while it was being made: nobody but us knows of it.
      link.command(record.id, CommandKind.deconfigure);
      return;
    }
    record.status = 'ready';
    if (!isShutDown(record)) link.command(record.id, CommandKind.start);
    this.#onReady(record);
  }

  /** Tells actors what is announced: once for the host when it is new, for that is one table for all of them. */
  async #replay(
    link: HostLink,
    records: readonly PeerRecord[],
    isWholeHost: boolean,
  ): Promise<AnnounceResult> {
    const { announcements, events } = this.#core;
    const general = announcements.forAll();
    const results: AnnounceResult[] = [];
    const announce = async (to: number | 'all', items: readonly Announcement[]): Promise<void> => {
      results.push(
        await inParts(items, (part) => link.ask((control) => control.announce(to, part))),
      );
    };
    if (isWholeHost) await announce('all', general);
    for (const { id } of records) {
      const own = announcements.forPeer(id);
      if (!isWholeHost) await announce(id, general);
      await announce(id, own.announce);
      await inParts(own.withdraw, (part) => link.ask((control) => control.withdraw(id, part)));
    }
    const result = sum(results);
    if (result.rejected > 0) {
      const text = `${result.rejected} routes cannot be announced: ${result.errors.join('; ')}`;
      const time = Date.now();
      events.emit(() => ({ kind: 'notice', time, code: 'announce-rejected', text }));
    }
    return result;
  }
}

const nothing: AnnounceResult = { accepted: 0, rejected: 0, errors: [] };

async function inParts<T>(
  items: readonly T[],
  each: (part: readonly T[]) => Promise<AnnounceResult>,
): Promise<AnnounceResult> {
  const results: AnnounceResult[] = [];
  for (let start = 0; start < items.length; start += announcementsAtOnce) {
    results.push(await each(items.slice(start, start + announcementsAtOnce)));
  }
  return sum(results);
}

function sum(results: readonly AnnounceResult[]): AnnounceResult {
  return {
    accepted: results.reduce((total, { accepted }) => total + accepted, 0),
    rejected: results.reduce((total, { rejected }) => total + rejected, 0),
    errors: [...new Set(results.flatMap(({ errors }) => errors))].slice(0, 10),
  };
}
