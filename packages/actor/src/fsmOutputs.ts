import {
  type FsmOutput,
  resolveFsmOptions,
  type SendOutput,
  type SessionDownOutput,
  type SessionUpOutput,
} from '@peerloom/fsm';
import { PeerState } from '@peerloom/ipc';
import { encodeKeepalive, encodeNotification, encodeOpen, type OpenMessage } from '@peerloom/wire';
import { EstablishedSession } from './establishedSession.ts';
import { fsmOptionsOf } from './openMessage.ts';
import type { PeerActor } from './peerActor.ts';
import { describeSessionEnd } from './sessionDescription.ts';

const keepalive = encodeKeepalive();
/** OPENs as octets: the FSMs of peers that are told the same send one and the same. */
const opens = new WeakMap<OpenMessage, Uint8Array>();

/** Carries out one thing that the FSM of a peer asks for, or passes on what it tells. */
export function carryOut(actor: PeerActor, output: FsmOutput, now: number): void {
  const { peer } = actor;
  const { writer } = actor.context;
  switch (output.type) {
    case 'dial':
      actor.lastDial = output.dial;
      return writer.message({ kind: 'dial', peer, dial: output.dial });
    case 'abortDial':
      return writer.message({ kind: 'abortDial', peer, dial: output.dial });
    case 'send':
      return send(actor, output, now);
    case 'close': {
      const { connection: id, reset } = output;
      const connection = actor.connection(id);
      writer.message({ kind: 'close', peer, connection: id, reset });
      if (connection !== undefined) actor.drop(connection);
      return undefined;
    }
    case 'armTimer':
      return actor.timers.arm(output, now);
    case 'disarmTimer':
      return actor.timers.disarm(output.timer, output.connection);
    case 'collisionResolved': {
      const { survivor, loser, why } = output;
      return writer.message({ kind: 'collisionResolved', peer, survivor, loser, why });
    }
    case 'sessionUp':
      return sessionUp(actor, output, now);
    case 'sessionDown':
      return sessionDown(actor, output, now);
    case 'transition': {
      const { connection, event, why } = output;
      const [from, to] = [PeerState[output.from], PeerState[output.to]];
      actor.status.stateSince = now;
      const time = now;
      return writer.message({ kind: 'transition', peer, connection, from, to, event, why, time });
    }
    case 'stuckReason':
      actor.status.stuckSince = now;
      return undefined;
    case 'idleHold':
      // What it tells stands among the timers.
      return undefined;
  }
}

function send(actor: PeerActor, { connection: id, message, why }: SendOutput, now: number): void {
  const connection = actor.connection(id);
  if (connection === undefined) return;
  switch (message.kind) {
    case 'keepalive':
      return actor.transmit(connection, keepalive);
    case 'open':
      return actor.transmit(connection, openBytes(message));
    case 'notification': {
      actor.status.notification(message, 'sent', now, why);
      const limit = actor.session?.negotiated.options.maximumSendLength;
      return actor.transmit(connection, encodeNotification(message, limit));
    }
  }
}

function openBytes(open: OpenMessage): Uint8Array {
  let bytes = opens.get(open);
  if (bytes === undefined) opens.set(open, (bytes = encodeOpen(open)));
  return bytes;
}

function sessionUp(actor: PeerActor, output: SessionUpOutput, now: number): void {
  const connection = actor.connection(output.connection)!;
  actor.lastSession = output.session;
  actor.status.established++;
  connection.deframer.maximumLength = output.negotiated.options.maximumReceiveLength;
  // From here on the FSM knows that it will be told what the kernel takes (RFC 9687 §4.3).
  actor.recorder.transmitted(now, connection.id, connection.unsentBytes);
  actor.session = new EstablishedSession(actor, connection, output);
  actor.session.begin(now);
  if (!actor.restarting) return;
  // The R bit is for the first session after the restart only (RFC 4724 §4.1).
  actor.restarting = false;
  const options = fsmOptionsOf(actor.options, false, actor.context);
  actor.step({ type: 'options', options: resolveFsmOptions(options) });
}

function sessionDown(actor: PeerActor, { session: id, end }: SessionDownOutput, now: number): void {
  const { peer, session, context } = actor;
  actor.session = undefined;
  const error = actor.status.sessionDown(end, now);
  const description = describeSessionEnd(id, end, error);
  session?.finish(end, description);
  const json = JSON.stringify(description);
  context.writer.message({ kind: 'sessionDown', peer, session: id, time: now, json });
}
