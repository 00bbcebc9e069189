import type { KeepaliveMessage, NotificationMessage, OpenMessage } from '@peerloom/wire';
import { type Speaker as Identity, preferredInitiator } from '../../src/collision.ts';
import type { FsmInput, ReceivedMessage } from '../../src/index.ts';
import { notice } from '../speakers.ts';
import type { Speaker } from './scenario.ts';
import type { Draw } from './seededRandom.ts';
import type { SimulatedClock } from './simulatedClock.ts';
import type { SimulatedNetwork } from './simulatedNetwork.ts';

/** In what simple speakers differ. Times are seconds. */
export interface Habits {
  /** What becomes of a connection that comes beside another: refused, tracked, or put in the place of the last accepted one. */
  readonly second: 'refuse' | 'track' | 'replace';
  /** What becomes of one beside an Established session: closed without a word, or its OPEN answered with a Cease. */
  readonly afterEstablished: 'refuse' | 'cease';
  /** In which state the other connection must be to be compared with (RFC 4271 §6.8). */
  readonly compares: 'OpenConfirm' | 'OpenSent';
  /** Whether a connection is closed with a NOTIFICATION. */
  readonly tellsWhy: boolean;
  /** Whether it goes on dialling while the peer's connection is being opened. */
  readonly insists: boolean;
  readonly passive: boolean;
  /** How long it waits for the peer's OPEN before it sends its own. */
  readonly patience: number;
  /** How long its first KEEPALIVE takes. */
  readonly sloth: number;
  readonly retryTime: number;
  readonly holdTime: number;
}

interface Connection {
  readonly number: number;
  readonly initiator: 'local' | 'remote';
  state: 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established';
  holdTime: number;
  cancelHold: () => void;
  cancelKeepalive: () => void;
}

const keepalive: KeepaliveMessage = { kind: 'keepalive' };
const never = (): void => {};

/**
 * A speaker as somebody would write it from RFC 4271 in an afternoon: a machine for each connection,
 * collisions compared only where §6.8 says MUST, no damping, and no care for the races in between.
 */
export class LiteralSpeaker implements Speaker {
  readonly name: string;
  sessionsLost = 0;
  trace: ((line: string) => void) | undefined = undefined;
  readonly #identity: Identity;
  readonly #habits: Habits;
  readonly #clock: SimulatedClock;
  readonly #network: SimulatedNetwork;
  readonly #draw: Draw;
  readonly #connections = new Map<number, Connection>();
  #dial = 0;
  #isDialling = false;

  constructor(
    name: string,
    identity: Identity,
    habits: Habits,
    clock: SimulatedClock,
    network: SimulatedNetwork,
    draw: Draw,
  ) {
    this.name = name;
    this.#identity = identity;
    this.#habits = habits;
    this.#clock = clock;
    this.#network = network;
    this.#draw = draw;
    network.attach(this);
  }

  get #session(): Connection | undefined {
    return this.#others().find(({ state }) => state === 'Established');
  }

  get pipe(): number {
    const session = this.#session;
    return session === undefined ? 0 : this.#network.pipeOf(session.number);
  }

  receive(input: FsmInput): void {
    this.#tell(`< ${JSON.stringify(input)}`);
    switch (input.type) {
      case 'start':
        this.#retry();
        break;
      case 'dialFailed':
        if (input.dial === this.#dial) this.#isDialling = false;
        break;
      case 'dialConnected':
        if (this.#isDialling && input.dial === this.#dial) {
          this.#isDialling = false;
          this.#take(input.connection, 'local');
        } else this.#network.close(input.connection, true);
        break;
      case 'accepted':
        this.#take(input.connection, 'remote');
        break;
      case 'closed':
        this.#forget(input.connection);
        break;
      case 'message': {
        const connection = this.#connections.get(input.connection);
        if (connection !== undefined) this.#read(connection, input.message);
        break;
      }
      default:
    }
  }

  #others(than?: Connection): Connection[] {
    return [...this.#connections.values()].filter((connection) => connection !== than);
  }

  #retry(): void {
    const { passive, insists, retryTime } = this.#habits;
    const isBusy = insists
      ? this.#others().some((each) => each.initiator === 'local' || each.state === 'Established')
      : this.#connections.size > 0;
    if (!passive && !isBusy && !this.#isDialling) {
      this.#dial += 1;
      this.#isDialling = true;
      const dial = this.#dial;
      this.#network.dial(this, dial);
      this.#clock.schedule(30_000, () => {
        if (this.#dial === dial) this.#giveUpDial();
      });
    }
    this.#clock.schedule(retryTime * this.#draw.between(750, 1000), () => this.#retry());
  }

  #giveUpDial(): void {
    if (this.#isDialling) this.#network.abortDial(this, this.#dial);
    this.#isDialling = false;
  }

  #take(number: number, initiator: 'local' | 'remote'): void {
    const { second, afterEstablished, patience } = this.#habits;
    const isRefused =
      this.#session === undefined
        ? this.#connections.size > 0 && second === 'refuse'
        : afterEstablished === 'refuse';
    if (isRefused) {
      this.#network.close(number, true);
      return;
    }
    if (this.#session === undefined && second === 'replace' && initiator === 'remote') {
      for (const each of this.#others()) if (each.initiator === 'remote') this.#close(each);
    }
    if (second === 'refuse') this.#giveUpDial();
    const connection: Connection = {
      number,
      initiator,
      state: 'Active',
      holdTime: 240,
      cancelHold: never,
      cancelKeepalive: never,
    };
    this.#connections.set(number, connection);
    this.#restartHold(connection);
    if (patience === 0) this.#open(connection);
    else this.#clock.schedule(patience * 1000, () => this.#open(connection));
  }

  #open(connection: Connection): void {
    if (connection.state !== 'Active' || !this.#connections.has(connection.number)) return;
    connection.state = 'OpenSent';
    this.#send(connection, {
      kind: 'open',
      version: 4,
      myAs: this.#identity.as,
      holdTime: this.#habits.holdTime,
      bgpIdentifier: this.#identity.identifier,
      capabilities: [],
    });
  }

  #read(connection: Connection, message: ReceivedMessage): void {
    switch (message.kind) {
      case 'open':
        this.#open(connection);
        if (connection.state === 'OpenSent') this.#readOpen(connection, message);
        else this.#close(connection, notice(5));
        break;
      case 'keepalive':
        this.#readKeepalive(connection);
        break;
      case 'notification':
        this.#close(connection);
        break;
      default:
        this.#restartHold(connection);
    }
  }

  #readOpen(connection: Connection, open: OpenMessage): void {
    if (this.#session !== undefined || this.#losesCollision(connection, open)) {
      this.#close(connection, notice(6, 7));
      return;
    }
    connection.state = 'OpenConfirm';
    connection.holdTime = Math.min(this.#habits.holdTime, open.holdTime);
    this.#restartHold(connection);
    const again = (): void => {
      this.#send(connection, keepalive);
      connection.cancelKeepalive = this.#clock.schedule(connection.holdTime * 250, again);
    };
    connection.cancelKeepalive = this.#clock.schedule(this.#habits.sloth * 1000, again);
  }

  #losesCollision(connection: Connection, open: OpenMessage): boolean {
    const peer: Identity = { identifier: open.bgpIdentifier, as: open.myAs };
    const preferred = preferredInitiator(this.#identity, peer);
    for (const other of this.#others(connection)) {
      const isCompared =
        other.state === 'OpenConfirm' ||
        (other.state === 'OpenSent' && this.#habits.compares === 'OpenSent');
      if (!isCompared || other.initiator === connection.initiator) continue;
      if (connection.initiator !== preferred) return true;
      this.#close(other, notice(6, 7));
    }
    return false;
  }

  #readKeepalive(connection: Connection): void {
    if (connection.state === 'OpenConfirm' && this.#session !== undefined) {
      this.#close(connection, notice(6, 7));
      return;
    }
    if (connection.state !== 'OpenConfirm' && connection.state !== 'Established') {
      this.#close(connection, notice(5));
      return;
    }
    this.#restartHold(connection);
    if (connection.state === 'Established') return;
    connection.state = 'Established';
    this.#giveUpDial();
    for (const other of this.#others(connection)) this.#close(other, notice(6, 7));
  }

  #restartHold(connection: Connection): void {
    connection.cancelHold();
    connection.cancelHold = this.#clock.schedule(connection.holdTime * 1000, () =>
      this.#close(connection, notice(4)),
    );
  }

  #send(connection: Connection, message: ReceivedMessage): void {
    this.#tell(`  > ${connection.number} ${JSON.stringify(message)}`);
    this.#network.send(connection.number, message);
  }

  #close(connection: Connection, why?: NotificationMessage): void {
    if (why !== undefined && this.#habits.tellsWhy) this.#send(connection, why);
    this.#network.close(connection.number, false);
    this.#forget(connection.number);
  }

  #forget(number: number): void {
    const connection = this.#connections.get(number);
    if (connection === undefined) return;
    if (connection.state === 'Established') this.sessionsLost += 1;
    connection.cancelHold();
    connection.cancelKeepalive();
    this.#connections.delete(number);
  }

  #tell(line: string): void {
    this.trace?.(`${this.#clock.now.toFixed(0).padStart(7)} ${this.name} ${line}`);
  }
}
