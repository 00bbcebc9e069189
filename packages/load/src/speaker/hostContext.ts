import type { TimerWheel } from '@peerloom/actor';
import type { Histogram } from '../measure/histogram.ts';
import type { RouteTable } from '../routes/routeTable.ts';
import type { Target } from '../scenario.ts';
import type { FeedIdentity } from './feedWriter.ts';
import type { OpenReader } from './openReader.ts';
import type { RunMemory } from './runMemory.ts';
import type { SinkContext } from './sink.ts';

/** What the speakers of one thread share. */
export interface HostContext {
  readonly target: Target;
  readonly wheel: TimerWheel;
  readonly memory: RunMemory;
  readonly table: RouteTable | undefined;
  /** Whom the table was encoded for. */
  readonly encodedAs: FeedIdentity | undefined;
  readonly sinks: SinkContext | undefined;
  /** From the dial to the TCP connection, to the device's OPEN, and to Established. */
  readonly setUp: {
    readonly connect: Histogram;
    readonly open: Histogram;
    readonly established: Histogram;
  };
  /** How late the tester sent what was due. */
  readonly lateness: Histogram;
  /** For the OPENs of the device. */
  readonly opens: OpenReader;
  /** One object for all equal ones: many speakers announce the same capabilities. */
  readonly share: <Value extends object>(value: Value) => Value;
  /** A number for a connection, never used again. */
  readonly nextConnection: () => number;
  /** An attempt to come up has ended, well or not. */
  readonly attemptEnded: () => void;
  /** Counts something that people must know, by what it is. */
  readonly note: (text: string) => void;
  /** Counts a NOTIFICATION. */
  readonly notification: (direction: 'sent' | 'received', text: string) => void;
}
