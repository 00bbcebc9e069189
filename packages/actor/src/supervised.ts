import {
  type Command,
  CommandKind,
  type CommonPeerOptions,
  NoticeCode,
  PeerState,
} from '@peerloom/ipc';
import { CeaseSubcode, ErrorCode, encodeNotification, notification } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';
import { type ActorBeginning, type ActorOwner, PeerActor } from './peerActor.ts';
import { reconfigure } from './peerCommands.ts';
import type { PeerRoutes } from './peerRoutes.ts';
import { Alarm } from './timerWheel.ts';

/** Milliseconds until an actor that has failed is started again; doubles with each failure in a row. */
const firstDelay = 1000;
const longestDelay = 60_000;
/** An actor that has lasted so many milliseconds has not failed in a row. */
const stable = 300_000;

/**
 * A peer as its host keeps it: the actor, and what stays when the actor fails. An actor that throws is
 * replaced, and started again after a while; its peer gets a Cease/Out of Resources, nobody else
 * notices. What was to be announced is kept.
 */
export class Supervised implements ActorOwner {
  actor: PeerActor;
  readonly #context: ActorContext;
  /** Somebody has started the peer, and nobody has stopped it. */
  #wanted = false;
  #failures = 0;
  #failedAt: number | undefined = undefined;
  #restart: Alarm | undefined = undefined;

  constructor(beginning: ActorBeginning, context: ActorContext) {
    this.#context = context;
    this.actor = this.#make(beginning);
  }

  /** Runs something of the actor's; if that throws, the actor is replaced. */
  run<Result>(run: (actor: PeerActor) => Result): Result | undefined {
    return this.actor.protect(() => run(this.actor));
  }

  /** A command that the actor is about to get. */
  commanded({ action }: Command): void {
    if (action === CommandKind.start) this.#wanted = true;
    if (action === CommandKind.shutdown) this.#wanted = false;
    // It is started now, whether or not it was to wait.
    if (action !== CommandKind.softIn && action !== CommandKind.softOut) {
      this.#disarm();
    }
  }

  update(options: CommonPeerOptions): 'kept' | 'reset' {
    return this.run((actor) => reconfigure(actor, options)) ?? 'reset';
  }

  /** Ends everything of the peer. */
  dispose(): void {
    this.#disarm();
    this.actor.dispose();
    this.actor.routes.dispose();
  }

  #make(beginning: ActorBeginning, routes?: PeerRoutes): PeerActor {
    return new PeerActor(beginning, this.#context, this, routes);
  }

  #disarm(): void {
    if (this.#restart !== undefined) this.#context.wheel.disarm(this.#restart);
  }

  #start(): void {
    this.run((actor) =>
      actor.step({ type: 'start', cause: 'automatic', why: 'started again after it failed' }),
    );
  }

  /** For the actor, which is of no more use: another one takes its place. */
  crashed(error: unknown): void {
    const failed = this.actor;
    const { clock, wheel, writer } = this.#context;
    const now = clock.now();
    if (this.#failedAt !== undefined && now - this.#failedAt > stable) this.#failures = 0;
    this.#failedAt = now;
    const delay = Math.min(firstDelay * 2 ** this.#failures, longestDelay);
    this.#failures++;

    const text = `the actor failed and was made anew: ${String(error)}`;
    const stack = error instanceof Error ? error.stack : undefined;
    failed.notices.give(NoticeCode.actorRestarted, text, { stack, failures: this.#failures });
    sayGoodbye(failed, this.#context, text, now);
    const { peer, address, options, lastDial, lastSession } = failed;
    this.actor = this.#make({ peer, address, options, lastDial, lastSession }, failed.routes);
    const { shutdown, shutdownText } = failed.status;
    Object.assign(this.actor.status, { shutdown, shutdownText });
    this.actor.subscribed = failed.subscribed;
    this.#restart ??= new Alarm(() => this.#start());
    if (this.#wanted) wheel.arm(this.#restart, now + delay);
    writer.message({
      kind: 'transition',
      peer,
      connection: 0,
      from: PeerState[failed.fsm.state],
      to: PeerState.Idle,
      event: 0,
      why: text,
      time: now,
    });
  }
}

/** Ends what the actor had open, without asking the actor. */
function sayGoodbye(actor: PeerActor, context: ActorContext, why: string, now: number): void {
  const { peer, session } = actor;
  const { writer } = context;
  const cease = encodeNotification(notification(ErrorCode.cease, CeaseSubcode.outOfResources));
  for (const connection of actor.connections) {
    actor.transmit(connection, cease);
  }
  actor.dispose();
  actor.routes.sessionDown(undefined);
  session?.outbound.end();
  if (session === undefined) return;
  const { id, establishedAt } = session;
  const uptime = (now - establishedAt) / 1000;
  const json = JSON.stringify({ session: id, event: 0, why, uptime, stale: false });
  writer.message({ kind: 'sessionDown', peer, session: id, time: now, json });
}
