import { NoticeCode } from '@peerloom/ipc';
import { type Fault, familyName } from '@peerloom/wire';
import type { ActorContext } from './actorContext.ts';

/** Notices that a peer may give within a second: a faulty peer must not drown the others' news. */
const noticesPerSecond = 10;

/** Tells the supervisor what a person may want to know of a peer, a bounded number of times. */
export class NoticeWriter {
  readonly #peer: number;
  readonly #context: ActorContext;
  #second = 0;
  #given = 0;
  #dropped = 0;

  constructor(peer: number, context: ActorContext) {
    this.#peer = peer;
    this.#context = context;
  }

  /** `details`: whatever belongs to it, for programs. */
  give(code: NoticeCode, text: string, details?: object): void {
    const now = this.#context.clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      const dropped = this.#dropped;
      this.#second = second;
      this.#given = 0;
      this.#dropped = 0;
      if (dropped > 0) {
        this.#write(NoticeCode.noticesDropped, `${dropped} notices more were only counted`, now, {
          dropped,
        });
      }
    }
    if (this.#given >= noticesPerSecond) {
      this.#dropped++;
      return;
    }
    this.#given++;
    this.#write(code, text, now, details);
  }

  /** What was wrong with received bytes, and what was done about it. */
  fault(fault: Fault): void {
    const { action, code, subcode, section, attribute, family, text } = fault;
    this.give(NoticeCode.fault, `${text} (${section}): ${actionText[action]}`, {
      action,
      code,
      subcode,
      section,
      ...(attribute !== undefined && { attribute }),
      ...(family !== undefined && { family: familyName(family) }),
    });
  }

  #write(code: NoticeCode, text: string, time: number, details: object | undefined): void {
    const json = details === undefined ? '' : JSON.stringify(details);
    this.#context.writer.message({ kind: 'notice', peer: this.#peer, code, text, time, json });
  }
}

const actionText: Readonly<Record<Fault['action'], string>> = {
  sessionReset: 'the session is reset',
  afiSafiDisable: 'the address family is ignored until the session ends',
  treatAsWithdraw: 'its routes are treated as withdrawn',
  attributeDiscard: 'the attribute is discarded',
};
