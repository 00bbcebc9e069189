import { eventName, type SessionEnd } from '@peerloom/fsm';
import type { ErrorReport, FaultCounts } from '@peerloom/ipc';
import type { Fault, NotificationMessage } from '@peerloom/wire';
import { localReport, notificationReport } from './errorReport.ts';
import { MessageCounter } from './messageCounter.ts';

const noFaults: FaultCounts = {
  sessionReset: 0,
  afiSafiDisable: 0,
  treatAsWithdraw: 0,
  attributeDiscard: 0,
};

/** What a peer's actor has counted and seen since it was made: what `show ip bgp neighbors` prints. */
export class PeerStatus {
  readonly received: MessageCounter = new MessageCounter();
  readonly sent: MessageCounter = new MessageCounter();
  /** Milliseconds since the epoch. */
  stateSince: number;
  /** Times that the session came up, and went down. */
  established = 0;
  flaps = 0;
  lastErrorSent: ErrorReport | undefined = undefined;
  lastErrorReceived: ErrorReport | undefined = undefined;
  lastError: ErrorReport | undefined = undefined;
  /** Since when what the FSM told last has been the reason for which the session is not up. */
  stuckSince: number;
  /** Most peers never give cause to any. */
  faults: FaultCounts = noFaults;
  lastFault: string | undefined = undefined;
  handlerErrors = 0;
  /** Milliseconds. */
  handlerSlowest = 0;
  /** Administratively down, and with what words. */
  shutdown: boolean;
  shutdownText: string;

  /** `shutdown`: as in the peer's options. */
  constructor(now: number, shutdown: boolean | string) {
    this.stateSince = now;
    this.stuckSince = now;
    this.shutdown = shutdown !== false;
    this.shutdownText = typeof shutdown === 'string' ? shutdown : '';
  }

  /** A NOTIFICATION went one way or the other. */
  notification(
    notification: NotificationMessage,
    direction: 'sent' | 'received',
    now: number,
    why: string,
  ): void {
    const report = notificationReport(notification, direction, now, why);
    if (direction === 'sent') this.lastErrorSent = report;
    else this.lastErrorReceived = report;
    this.lastError = report;
  }

  /** The session went down; returns what ended it. */
  sessionDown(end: SessionEnd, now: number): ErrorReport {
    this.flaps++;
    const { sent, received, why } = end;
    if (sent !== undefined) return notificationReport(sent, 'sent', now, why);
    if (received !== undefined) return notificationReport(received, 'received', now, why);
    this.lastError = localReport(now, eventName(end.event), why);
    return this.lastError;
  }

  /** A fault of received bytes, whatever it led to. */
  fault(fault: Fault): void {
    this.faults = { ...this.faults, [fault.action]: this.faults[fault.action] + 1 };
    this.lastFault = `${fault.text} (${fault.section})`;
  }
}
