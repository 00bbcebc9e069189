import type { Capability, Fault, NotificationMessage, OpenMessage } from '@peerloom/wire';
import type { FsmOptions } from '../src/index.ts';

/** AS 65001 with identifier 192.0.2.1, as most tests see the local side. */
export const localOptions: FsmOptions = {
  localAs: 65001,
  remoteAs: 65002,
  routerId: '192.0.2.1',
};

/** An acceptable OPEN of the peer: AS 65002 with identifier 192.0.2.2, the higher one. */
export function peerOpen(changes: Partial<OpenMessage> = {}): OpenMessage {
  return {
    kind: 'open',
    version: 4,
    myAs: 65002,
    holdTime: 90,
    bgpIdentifier: '192.0.2.2',
    capabilities: [],
    ...changes,
  };
}

/** Graceful restart for IPv4 unicast. */
export function gracefulRestart(
  changes: Partial<Extract<Capability, { type: 'gracefulRestart' }>> = {},
): Capability {
  return {
    type: 'gracefulRestart',
    restarting: false,
    notification: false,
    restartTime: 120,
    families: [{ afi: 1, safi: 1, forwarding: true }],
    ...changes,
  };
}

export function notice(code: number, subcode = 0, ...data: number[]): NotificationMessage {
  return { kind: 'notification', code, subcode, data: Uint8Array.from(data) };
}

export function fault(code: number, subcode: number, ...data: number[]): Fault {
  return {
    action: 'sessionReset',
    code,
    subcode,
    data: Uint8Array.from(data),
    section: 'RFC 4271 §6',
    text: 'something was wrong',
  };
}

/** No jitter but the least: every jittered time is three quarters of what was asked for. */
export const leastJitter = (): number => 0;
