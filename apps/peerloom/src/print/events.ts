import type { EventItem } from '../control/methods.ts';
import { momentText } from './duration.ts';

/** An event as a line: when, whom, what. */
export function eventLine({ time, kind, neighbor, text }: EventItem): string {
  return `${momentText(time)}  ${(neighbor ?? '-').padEnd(15)}  ${kind.padEnd(12)}  ${text}`;
}
