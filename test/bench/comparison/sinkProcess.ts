// Neighbours that only listen, in a process of its own: all connect at once, and each counts the IPv4 prefixes
// that it holds and looks at nothing else. Told whom to be, it says when all of them hold everything.

import { connect, type Socket } from 'node:net';
import { addressAfter } from '@peerloom/load';
import { Deframer, encodeKeepalive, MessageType } from '@peerloom/wire';
import { encodeHello } from '../../hello.ts';

/** What the sinks are told. */
export interface SinksSetup {
  readonly address: string;
  readonly port: number;
  /** Where the first one connects from; the others use the addresses after it. */
  readonly first: string;
  readonly count: number;
  readonly as: number;
  /** Seconds. */
  readonly holdTime: number;
  /** IPv4 prefixes that each is to hold. */
  readonly prefixes: number;
}

/** How it went. Times in milliseconds since the first connect. */
export interface SinksResult {
  readonly establishedAt: number;
  /** When each held everything, in no order. */
  readonly completeAt: readonly number[];
  readonly bytes: number;
  readonly updates: number;
}

/** What they say. */
export type FromSinks =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'complete'; readonly result: SinksResult }
  | { readonly kind: 'failed'; readonly reason: string };

const say = (message: FromSinks): void => {
  process.send?.(message);
};

/** All sinks read into the same memory: what is read is looked at once. */
const buffer = new Uint8Array(64 * 1024);
const keepalive = encodeKeepalive();
const completeAt: number[] = [];
const sockets: Socket[] = [];
/** Milliseconds until who was turned away tries again. */
const retryTime = 500;
let [established, establishedAt, bytes, updates, began] = [0, 0, 0, 0, 0];

/** Prefixes that an UPDATE at `[start, end)` announces, less those that it withdraws (RFC 4271 §4.3). */
function balance(message: Uint8Array, start: number, end: number): number {
  const withdrawnStart = start + 21;
  const withdrawnEnd = withdrawnStart + u16(message, start + 19);
  const nlriStart = withdrawnEnd + 2 + u16(message, withdrawnEnd);
  return prefixes(message, nlriStart, end) - prefixes(message, withdrawnStart, withdrawnEnd);
}

function prefixes(message: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1 + ((message[at]! + 7) >> 3)) count += 1;
  return count;
}

function u16(message: Uint8Array, at: number): number {
  return (message[at]! << 8) | message[at + 1]!;
}

/** Connects, and again where the device hangs up before the session is up: some take few at a time. */
function listen(setup: SinksSetup, index: number): void {
  const { address, port, as, holdTime } = setup;
  const localAddress = addressAfter(setup.first, index);
  const deframer = new Deframer(4096);
  let held = 0;
  let isUp = false;
  const read = (length: number): boolean => {
    bytes += length;
    deframer.push(buffer.subarray(0, length));
    while (deframer.next()) {
      const { type, bytes: message, start, end } = deframer;
      if (type === MessageType.keepalive && !isUp) {
        isUp = true;
        established += 1;
        if (established === setup.count) establishedAt = performance.now() - began;
      } else if (type === MessageType.update) {
        updates += 1;
        const before = held;
        held += balance(message, start, end);
        if (before < setup.prefixes && held >= setup.prefixes) complete(setup);
      } else if (type === MessageType.notification) {
        fail(`${localAddress} was sent a NOTIFICATION`);
      }
    }
    return true;
  };
  const socket = connect({
    host: address,
    port,
    localAddress,
    noDelay: true,
    onread: { buffer, callback: read },
  });
  socket.write(encodeHello(as, holdTime, localAddress));
  sockets[index] = socket;
  // What there is to say about it, its end says.
  socket.on('error', () => {});
  socket.once('close', () => {
    if (isUp) fail(`the session of ${localAddress} has ended`);
    else setTimeout(listen, retryTime, setup, index);
  });
}

function complete(setup: SinksSetup): void {
  completeAt.push(performance.now() - began);
  if (completeAt.length < setup.count) return;
  say({ kind: 'complete', result: { establishedAt, completeAt, bytes, updates } });
}

function fail(reason: string): void {
  say({ kind: 'failed', reason });
}

process.on('disconnect', () => process.exit(0));
process.once('message', (setup: SinksSetup) => {
  began = performance.now();
  for (let index = 0; index < setup.count; index += 1) listen(setup, index);
  say({ kind: 'connecting' });
  setInterval(
    () => {
      for (const socket of sockets) socket.write(keepalive);
    },
    (setup.holdTime * 1000) / 3,
  );
});
