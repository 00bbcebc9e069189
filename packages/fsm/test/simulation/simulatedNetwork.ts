import type { FsmInput, ReceivedMessage } from '../../src/index.ts';
import type { Draw } from './seededRandom.ts';
import type { SimulatedClock } from './simulatedClock.ts';

/** Somebody who dials and is dialled. */
export interface Host {
  readonly name: string;
  receive(input: FsmInput): void;
}

/** What the network does to those who use it. Times are milliseconds, the others probabilities. */
export interface Weather {
  readonly latency: readonly [least: number, most: number];
  /** From a complete handshake to the moment at which a program hears of it. */
  readonly handover: readonly [least: number, most: number];
  /** A dial is refused. */
  readonly refusal: number;
  /** A dial has no answer at all. */
  readonly silence: number;
  /** A connection is reset some time after it is made. */
  readonly reset: number;
  /** A connection goes dead without a word some time after it is made. */
  readonly death: number;
  /** What was sent before an orderly close is lost all the same. */
  readonly hastyClose: number;
  /** A connection is there for one of its ends alone: the other never hears of it. */
  readonly halfOpen: number;
  /** How much later than a message the news of an end comes. */
  readonly lateNews: readonly [least: number, most: number];
}

/** One side of a connection. */
interface End {
  readonly host: Host;
  readonly connection: number;
  /** When its program hears of the connection. */
  readyAt: number;
  /** When the last of what was sent to it arrives: nothing overtakes on a connection. */
  lastArrival: number;
  /** Its program has closed it, or has been told of its end. */
  isDone: boolean;
}

interface Pipe {
  readonly number: number;
  readonly ends: readonly [dialler: End, accepter: End];
  isDead: boolean;
  isReset: boolean;
  /** One of its hosts crashed before its program had heard of it. */
  isForgotten: boolean;
}

const synTimeout = 120_000;

/** TCP between two hosts, as far as programs can tell. */
export class SimulatedNetwork {
  weather: Weather;
  readonly #clock: SimulatedClock;
  readonly #draw: Draw;
  readonly #hosts: Host[] = [];
  readonly #aborted = new Set<string>();
  readonly #pipes = new Map<number, Pipe>();
  #lastConnection = 0;
  #lastPipe = 0;
  #lastDial = 0;

  constructor(clock: SimulatedClock, draw: Draw, weather: Weather) {
    this.#clock = clock;
    this.#draw = draw;
    this.weather = weather;
  }

  attach(host: Host): void {
    this.#hosts.push(host);
  }

  /** A number that both ends of a connection have in common; 0 when the connection only seems to be there. */
  pipeOf(connection: number): number {
    const { number, isDead, isReset } = this.#pipes.get(connection)!;
    return isDead || isReset ? 0 : number;
  }

  dial(from: Host, dial: number): void {
    const { refusal, silence } = this.weather;
    this.#lastDial = Math.max(this.#lastDial, dial);
    if (this.#draw.chance(silence)) {
      this.#failDial(from, dial, synTimeout, 'ETIMEDOUT');
    } else if (this.#draw.chance(refusal)) {
      this.#failDial(from, dial, this.#latency() + this.#latency(), 'ECONNREFUSED');
    } else {
      const roundTrip = this.#latency() + this.#latency();
      this.#clock.schedule(roundTrip, () => this.#connect(from, dial));
    }
  }

  abortDial(from: Host, dial: number): void {
    this.#aborted.add(`${from.name} ${dial}`);
  }

  send(connection: number, message: ReceivedMessage): void {
    const { pipe, there } = this.#ends(connection);
    const arrival = Math.max(this.#clock.now + this.#latency(), there.lastArrival, there.readyAt);
    there.lastArrival = arrival;
    this.#clock.schedule(arrival - this.#clock.now, () => {
      if (pipe.isDead || pipe.isReset || there.isDone) return;
      there.host.receive({ type: 'message', connection: there.connection, message });
    });
  }

  close(connection: number, reset: boolean): void {
    const { pipe, here, there } = this.#ends(connection);
    here.isDone = true;
    if (reset || this.#draw.chance(this.weather.hastyClose)) {
      pipe.isReset = true;
      this.#end(pipe, there, 'ECONNRESET', this.#latency());
    } else {
      const arrival = Math.max(this.#clock.now + this.#latency(), there.lastArrival);
      this.#end(pipe, there, '', arrival - this.#clock.now);
    }
  }

  /** A host has crashed: its connections are dead, and the other side is not told. */
  forget(host: Host): void {
    for (const pipe of this.#pipes.values()) {
      if (!pipe.ends.some((end) => end.host === host)) continue;
      pipe.isDead = true;
      pipe.isForgotten = true;
    }
    for (let dial = 1; dial <= this.#lastDial; dial += 1) this.abortDial(host, dial);
  }

  #connect(from: Host, dial: number): void {
    // Given up before the answer came: the other side never hears of it.
    if (this.#aborted.has(`${from.name} ${dial}`)) return;
    const to = this.#hosts.find((host) => host !== from)!;
    const dialler = this.#newEnd(from, this.#handover());
    const accepter = this.#newEnd(to, this.#latency() + this.#handover());
    this.#lastPipe += 1;
    const ends = [dialler, accepter] as const;
    const pipe: Pipe = {
      number: this.#lastPipe,
      ends,
      isDead: false,
      isReset: false,
      isForgotten: false,
    };
    for (const end of ends) this.#pipes.set(end.connection, pipe);
    if (this.#draw.chance(this.weather.halfOpen)) {
      pipe.isDead = true;
      if (this.#draw.chance(0.5)) this.#handOverDialled(pipe, dial);
      else {
        this.#handOverAccepted(pipe);
        this.#failDial(from, dial, this.#draw.between(0, synTimeout), 'ETIMEDOUT');
      }
      return;
    }
    this.#handOverDialled(pipe, dial);
    this.#handOverAccepted(pipe);
    this.#spoil(pipe);
  }

  #handOverDialled(pipe: Pipe, dial: number): void {
    const { host, connection, readyAt } = pipe.ends[0];
    this.#clock.schedule(readyAt - this.#clock.now, () => {
      if (!pipe.isForgotten) host.receive({ type: 'dialConnected', dial, connection });
    });
  }

  #handOverAccepted(pipe: Pipe): void {
    const { host, connection, readyAt } = pipe.ends[1];
    this.#clock.schedule(readyAt - this.#clock.now, () => {
      if (!pipe.isForgotten) host.receive({ type: 'accepted', connection });
    });
  }

  #spoil(pipe: Pipe): void {
    const { reset, death } = this.weather;
    // Most that goes wrong shall go wrong while the session is being made.
    const after = this.#draw.chance(0.7)
      ? this.#draw.between(0, 500)
      : this.#draw.between(0, 60_000);
    if (this.#draw.chance(reset)) {
      this.#clock.schedule(after, () => {
        if (this.weather.reset === 0) return;
        pipe.isReset = true;
        for (const end of pipe.ends) this.#end(pipe, end, 'ECONNRESET', this.#latency());
      });
    } else if (this.#draw.chance(death)) {
      this.#clock.schedule(after, () => {
        if (this.weather.death === 0) return;
        pipe.isDead = true;
      });
    }
  }

  /** Tells an end that the connection is gone, unless nothing can be told any more. */
  #end(pipe: Pipe, end: End, errno: string, delay: number): void {
    const late = this.#draw.between(...this.weather.lateNews);
    const wait = Math.max(delay + late, end.readyAt - this.#clock.now);
    this.#clock.schedule(wait, () => {
      if (pipe.isDead || end.isDone) return;
      end.isDone = true;
      const { host, connection } = end;
      host.receive({ type: 'closed', connection, errno, text: errno });
    });
  }

  #failDial(from: Host, dial: number, delay: number, errno: string): void {
    this.#clock.schedule(delay, () => {
      if (this.#aborted.has(`${from.name} ${dial}`)) return;
      from.receive({ type: 'dialFailed', dial, errno, text: errno });
    });
  }

  #newEnd(host: Host, delay: number): End {
    this.#lastConnection += 1;
    const connection = this.#lastConnection;
    const readyAt = this.#clock.now + delay;
    return { host, connection, readyAt, lastArrival: 0, isDone: false };
  }

  #ends(connection: number): { pipe: Pipe; here: End; there: End } {
    const pipe = this.#pipes.get(connection)!;
    const [dialler, accepter] = pipe.ends;
    return dialler.connection === connection
      ? { pipe, here: dialler, there: accepter }
      : { pipe, here: accepter, there: dialler };
  }

  #latency(): number {
    return this.#draw.between(...this.weather.latency);
  }

  #handover(): number {
    return this.#draw.between(...this.weather.handover);
  }
}
