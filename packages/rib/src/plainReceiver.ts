import { areAttributesSound, type PlainUpdateCursor, type UpdateOptions } from '@peerloom/wire';
import type { AdjRibInFamily } from './adjRibInFamily.ts';
import { type AttributeStore, type BlockId, Verdict } from './attributeStore.ts';
import type { UpdateOutcome } from './updateOutcome.ts';
import type { ValidationContext } from './validationContext.ts';

/**
 * Applies plain UPDATEs (see `PlainUpdateCursor`) whose attributes are sound, one after the other. It stands for what
 * `UpdateReceiver` does with one at a time, for less: there is no fault to be told, and nothing to be found out
 * about attributes that were found sound before, as most are of a neighbour that tells what another has told.
 */
export class PlainReceiver {
  readonly #attributes: AttributeStore;

  /** `attributes`: of the store that the tables are of. */
  constructor(attributes: AttributeStore) {
    this.#attributes = attributes;
  }

  /**
   * Applies the UPDATEs that `cursor` meets to the table of the peer's IPv4 unicast routes, and adds up in `outcome`
   * what they change. Stops before the first whose attributes others must judge; `cursor.start` is where it has stopped.
   */
  receive(
    cursor: PlainUpdateCursor,
    table: AdjRibInFamily,
    options: UpdateOptions,
    outcome: UpdateOutcome,
  ): void {
    const { context } = table;
    const from = cursor.end;
    let messages = 0;
    while (cursor.next()) {
      const block = this.#soundBlock(cursor, context, options);
      if (block === 0) break;
      try {
        table.announce(cursor.bytes, cursor.nlriStart, cursor.end, block, outcome);
      } finally {
        this.#attributes.release(block);
      }
      messages += 1;
    }
    outcome.messages += messages;
    outcome.octets += cursor.start - from;
  }

  /** The block of a message's attributes, with a reference, which is the caller's; 0: they are not plainly sound. */
  #soundBlock(
    { words, attributesStart, nlriStart }: PlainUpdateCursor,
    context: ValidationContext,
    options: UpdateOptions,
  ): BlockId {
    const attributes = this.#attributes;
    const hash = attributes.hash(words, attributesStart, nlriStart);
    let block = attributes.find(words, attributesStart, nlriStart, context, hash);
    // Of block 0, which none is, nothing is known.
    if (attributes.verdict(block) !== Verdict.validField) {
      if (!areAttributesSound(words, attributesStart, nlriStart, options)) return 0;
      if (block === 0) block = attributes.add(words, attributesStart, nlriStart, context, hash);
      attributes.setVerdict(block, Verdict.validField);
    }
    attributes.retain(block);
    return block;
  }
}
