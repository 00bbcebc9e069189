import { toPlain } from '../control/richJson.ts';
import type { ReplayedStep } from '../replay/replayText.ts';
import { momentText } from './duration.ts';

/** A step of a replay: what went in, what came out, and where the peer stood then. */
export function replayLines({ entry, epoch, state, recorded }: ReplayedStep): readonly string[] {
  return [
    `${momentText(entry.time)}  ${wordsOf(entry.input, epoch)}`,
    ...entry.outputs.map((output) => `    ${wordsOf(output, epoch)}`),
    ...(recorded ?? []).map((output) => `    RECORDED INSTEAD: ${wordsOf(output, epoch)}`),
    `    = ${state}`,
  ];
}

/** A step as `replay --json` prints it. */
export function replayJson({ entry, epoch, state, recorded }: ReplayedStep): object {
  const plain = toPlain(entry) as object;
  return { ...plain, epoch, state, ...(recorded && { recorded: toPlain(recorded) }) };
}

/** An input or output in one line: its type, then its members. The one time among them is that of `idleHold`. */
function wordsOf(step: unknown, epoch: number): string {
  const { type, ...members } = toPlain(step) as { readonly type: string };
  const words = Object.entries(members).map(([name, value]) => {
    if (name === 'until' && typeof value === 'number') return `until ${momentText(epoch + value)}`;
    return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return [type, words.join(', ')].filter((part) => part !== '').join(': ');
}
