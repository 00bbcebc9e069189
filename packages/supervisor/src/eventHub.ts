import { BoundedChannel } from './boundedChannel.ts';
import type { EngineEvent } from './engineEvent.ts';
import type { SupervisorCounters } from './metrics.ts';
import type { Peer } from './peer.ts';
import type { Readers } from './readers.ts';

/** How to follow events. */
export interface EventsOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** Events that wait while the reader is busy; default `limits.events`. */
  readonly buffer?: number;
}

/** Hands each event to everyone who follows. An event that nobody follows is not even made. */
export class EventHub {
  readonly #channels = new Set<BoundedChannel<EngineEvent>>();
  readonly #counters: SupervisorCounters;
  readonly #buffer: number;
  readonly #readers: Readers;
  #ended = false;

  constructor(counters: SupervisorCounters, buffer: number, readers: Readers) {
    this.#counters = counters;
    this.#buffer = buffer;
    this.#readers = readers;
  }

  emit(make: () => EngineEvent): void {
    if (this.#channels.size === 0) return;
    const event = make();
    for (const channel of this.#channels) channel.push(event);
  }

  /** Something a person may want to know. `json`: particulars, empty for none. */
  notice(
    code: string,
    text: string,
    { json, time }: { readonly json: string; readonly time: number } = {
      json: '',
      time: Date.now(),
    },
    peer?: Peer,
  ): void {
    this.emit(() => ({
      kind: 'notice',
      time,
      code,
      text,
      ...(peer === undefined ? {} : { peer }),
      ...(json === '' ? {} : { details: JSON.parse(json) as unknown }),
    }));
  }

  /** Events from now on. */
  follow(options: EventsOptions): AsyncIterableIterator<EngineEvent, undefined> & AsyncDisposable {
    const channel = new BoundedChannel<EngineEvent>({
      items: options.buffer ?? this.#buffer,
      lost: (count) => {
        this.#counters.lost += count;
        return { kind: 'lost', count, time: Date.now() };
      },
      onReturn: () => this.#channels.delete(channel),
      readers: this.#readers,
    });
    if (this.#ended) channel.end();
    else this.#channels.add(channel);
    if (options.signal !== undefined) channel.endWith(options.signal);
    return channel;
  }

  /** No more will happen: whoever follows reads what is left, and is done. */
  end(): void {
    this.#ended = true;
    for (const channel of this.#channels) channel.end();
    this.#channels.clear();
  }
}
