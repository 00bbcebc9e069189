import {
  type FsmInput,
  type FsmOptions,
  type FsmOutput,
  PeerFsm,
  resolveFsmOptions,
} from '../../src/index.ts';
import { Invariants } from '../invariants.ts';
import type { Speaker } from './scenario.ts';
import type { SimulatedClock } from './simulatedClock.ts';
import type { SimulatedNetwork } from './simulatedNetwork.ts';

/** A BGP speaker with one peer: carries out what its FSM asks for. */
export class SimulatedSpeaker implements Speaker {
  readonly name: string;
  fsm: PeerFsm;
  sessionsLost = 0;
  /** Milliseconds that its clock is ahead of the true one: what a host that was suspended wakes up with. */
  ahead = 0;
  trace: ((line: string) => void) | undefined = undefined;
  readonly #clock: SimulatedClock;
  readonly #network: SimulatedNetwork;
  #invariants: Invariants;
  #options: FsmOptions;
  readonly #random: () => number;
  #nextId = 1;
  readonly #timers = new Map<string, () => void>();

  constructor(
    name: string,
    options: FsmOptions,
    clock: SimulatedClock,
    network: SimulatedNetwork,
    random: () => number,
  ) {
    this.name = name;
    this.#options = options;
    this.#random = random;
    this.fsm = new PeerFsm(options, random);
    this.#clock = clock;
    this.#network = network;
    this.#invariants = new Invariants(this.fsm);
    network.attach(this);
  }

  receive(input: FsmInput): void {
    const outputs = this.fsm.step(this.#clock.now + this.ahead, input);
    if (this.trace !== undefined) {
      const time = this.#clock.now.toFixed(0).padStart(7);
      this.trace(`${time} ${this.name} < ${describe(input)}`);
      for (const output of outputs) this.trace(`${time} ${this.name}   > ${describe(output)}`);
    }
    this.#invariants.observe(input, outputs);
    for (const output of outputs) this.#carryOut(output);
  }

  /** Is told other options while it runs. */
  change(changes: Partial<FsmOptions>): void {
    this.#options = { ...this.#options, ...changes };
    this.receive({ type: 'options', options: resolveFsmOptions(this.#options) });
  }

  /** Forgets everything, tells nobody, and starts again as if nothing had been, or as somebody else. */
  crash(changes: Partial<FsmOptions> = {}): void {
    this.#options = { ...this.#options, ...changes };
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#network.forget(this);
    this.fsm = new PeerFsm(this.#options, this.#random, this.#nextId);
    this.#invariants = new Invariants(this.fsm);
    this.receive({ type: 'start', cause: 'automatic' });
  }

  get pipe(): number {
    const { connection } = this.fsm;
    return connection === 0 ? 0 : this.#network.pipeOf(connection);
  }

  #carryOut(output: FsmOutput): void {
    switch (output.type) {
      case 'dial':
        this.#nextId = output.dial + 1;
        this.#network.dial(this, output.dial);
        break;
      case 'abortDial':
        this.#network.abortDial(this, output.dial);
        break;
      case 'send':
        this.#network.send(output.connection, output.message);
        break;
      case 'close':
        this.#network.close(output.connection, output.reset);
        break;
      case 'armTimer': {
        const { timer, connection, milliseconds, generation } = output;
        const key = `${timer} ${connection}`;
        this.#timers.get(key)?.();
        const fire = (): void => this.receive({ type: 'timer', timer, connection, generation });
        this.#timers.set(key, this.#clock.schedule(milliseconds, fire));
        break;
      }
      case 'disarmTimer':
        this.#timers.get(`${output.timer} ${output.connection}`)?.();
        break;
      case 'sessionDown':
        this.sessionsLost += 1;
        break;
      default:
    }
  }
}

function describe(event: FsmInput | FsmOutput): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    value instanceof Set || value instanceof Map ? [...value] : value,
  );
}
