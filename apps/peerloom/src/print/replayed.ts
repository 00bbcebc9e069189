import { toPlain } from '../control/richJson.ts';
import type { ReplayedStep } from '../replay/replayText.ts';
import { momentText } from './duration.ts';

/** A step of a replay: what went in, what came out, and where the peer stood then. */
export function replayLines({ entry, state, recorded }: ReplayedStep): readonly string[] {
  return [
    `${momentText(entry.time)}  ${wordsOf(entry.input)}`,
    ...entry.outputs.map((output) => `    ${wordsOf(output)}`),
    ...(recorded ?? []).map((output) => `    RECORDED INSTEAD: ${wordsOf(output)}`),
    `    = ${state}`,
  ];
}

/** A step as `replay --json` prints it. */
export function replayJson({ entry, state, recorded }: ReplayedStep): object {
  return { ...(toPlain(entry) as object), state, ...(recorded && { recorded: toPlain(recorded) }) };
}

/** An input or output in one line: its type, then its members. */
function wordsOf(step: unknown): string {
  const { type, ...members } = toPlain(step) as { readonly type: string };
  const words = Object.entries(members).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [type, words.join(', ')].filter((part) => part !== '').join(': ');
}
