import { type FamilyKey, formatNlri } from '@peerloom/wire';
import { AdjRibIn, type AdjRibInOptions } from '../src/adjRibIn.ts';
import { RibStore } from '../src/ribStore.ts';
import type { UpdateOutcome } from '../src/updateOutcome.ts';
import { announcement, attributesOf, prefixes, sessionOptions, withdrawal } from './sessions.ts';

/** A session's receiving side, told what to hear in words. */
export class InboundPeer {
  readonly store: RibStore;
  readonly rib: AdjRibIn;

  /** With a session up, of `sessionOptions()`. */
  constructor(
    options: AdjRibInOptions = {},
    store: RibStore = new RibStore({ waitsForRoutes: true }),
  ) {
    this.store = store;
    this.rib = new AdjRibIn(store, options);
    this.rib.sessionUp(sessionOptions());
  }

  /** Has it receive all messages; returns what the last one did. */
  receive(messages: readonly Uint8Array[]): UpdateOutcome {
    let outcome: UpdateOutcome | undefined;
    for (const message of messages) outcome = this.rib.receive(message, 0, message.length);
    return outcome!;
  }

  announce(family: FamilyKey, seed: number, ...texts: string[]): UpdateOutcome {
    const attributes = attributesOf(seed);
    return this.receive(announcement(family, prefixes(...texts), attributes, this.rib.options!));
  }

  withdraw(family: FamilyKey, ...texts: string[]): UpdateOutcome {
    return this.receive(withdrawal(family, prefixes(...texts), this.rib.options!));
  }

  /** What is in the table, one a line: `prefix community`, with a mark for stale ones. */
  contents(family: FamilyKey): string[] {
    return this.rib
      .routes({ family, limit: 1000 })
      .routes.map(({ nlri, attributes, stale, longLivedStale }) => {
        const communities = attributes.find((each) => each.type === 'communities');
        const values = communities?.communities.map((value) => value & 0xffff).join() ?? '';
        return `${formatNlri(nlri)} ${values}${longLivedStale ? ' long-lived' : stale ? ' stale' : ''}`;
      })
      .toSorted();
  }

  /** Waits long enough for everything that is gone, and frees it. */
  reclaimAll(): void {
    this.store.age();
    this.store.age();
    this.reclaim();
  }

  /** Frees what is not waited for. */
  reclaim(): void {
    while (this.store.reclaim(1000));
  }
}
