import type { Fault, NotificationMessage, OpenMessage } from '@peerloom/wire';
import type { FsmEvent } from './event.ts';
import type { StopInput } from './input.ts';

/** An event with what belongs to it, on its way to a cell of the state table. */
export interface Signal {
  readonly event: FsmEvent;
  /** One sentence, without a full stop: the `why` of the transition that may come of it. */
  readonly why: string;
  /** Events 16 and 17: the new connection. */
  readonly connection?: number;
  /** Event 18: the system's name of the error; empty for an orderly end. */
  readonly errno?: string;
  /** Events 19 and 20. */
  readonly open?: OpenMessage;
  /** Events 21, 22 and 28. */
  readonly fault?: Fault;
  /** Events 24 and 25. */
  readonly notification?: NotificationMessage;
  /** Events of a message: its type (RFC 4271 §4.1), as RFC 6608 wants it told. */
  readonly messageType?: number;
  /** Events 2 and 8. */
  readonly stop?: StopInput;
}
