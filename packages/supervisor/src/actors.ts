import { CommandKind, type CommonPeerOptions, type SpawnRequest } from '@peerloom/ipc';
import type { Announcer } from './announcer.ts';
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
  readonly #announcer: Announcer;
  /** Hands over the connections that came before the actor did. */
  readonly #onReady: (record: PeerRecord) => void;
  /** Settles for each host when it has been told what all peers are told. */
  readonly #told = new WeakMap<HostLink, Promise<void>>();
  /** For the first actor of each peer after our own restart (RFC 4724 §4.1). */
  #restarting: boolean;

  constructor(
    core: Core,
    pool: HostPool,
    announcer: Announcer,
    restarting: boolean,
    onReady: (record: PeerRecord) => void,
  ) {
    this.#core = core;
    this.#pool = pool;
    this.#announcer = announcer;
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
    const wasConnected = record.connections.length > 0;
    record.options = options;
    const link = this.askable(record);
    if (link === undefined) return 'reset';
    const result = await link.ask((control) => control.update(record.id, options));
    const isDown = isShutDown(record);
    if (isDown && !wasDown) this.shutDown(record);
    if (!isDown && wasDown) this.command(record, CommandKind.start);
    // A shutdown that the options ask for ends the session just as well.
    return isDown && !wasDown && wasConnected ? 'reset' : result;
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
    this.#announcer.forget(record.id);
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
    const told = this.#announcer.tellAll(link);
    this.#told.set(link, told);
    await told;
    await this.#spawnAt(slot, [...slot.peers]);
  }

  /** Sends the UPDATEs of a peer here, or no longer. */
  subscribe(record: PeerRecord, on: boolean): void {
    this.askable(record)
      ?.ask((control) => control.subscribeUpdates(record.id, on))
      // The host is gone, or the peer: there is nothing to send then.
      .catch(() => {});
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
    return subscribers > 0 || this.#announcer.hasOwn(id);
  }

  async #tellOwn(link: HostLink, { id, subscribers }: PeerRecord): Promise<void> {
    if (subscribers > 0) await link.ask((control) => control.subscribeUpdates(id, true));
    await this.#announcer.tellOwn(link, id);
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
}
