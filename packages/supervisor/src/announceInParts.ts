import type { AnnounceResult, HostAnnounceResult } from '@peerloom/ipc';
import { routeParts } from './routeParts.ts';

/** What came of announcing nothing. */
export const nothingAnnounced: AnnounceResult = { accepted: 0, rejected: 0, errors: [] };

/** Does something with routes a part at a time, one after the other, and adds up what came of it. */
export async function inParts<T extends object>(
  items: Iterable<T>,
  each: (part: readonly T[]) => Promise<AnnounceResult>,
): Promise<AnnounceResult> {
  const results: AnnounceResult[] = [];
  for (const part of routeParts(items)) results.push(await each(part));
  return sumOf(results);
}

/** Places of the announcements that no host could take. */
export function refusedByAll(results: readonly HostAnnounceResult[]): ReadonlySet<number> {
  const [first, ...others] = results.map(({ refused }) => new Set(refused));
  return others.reduce((common, refused) => common.intersection(refused), first ?? new Set());
}

/** Several results as one; of errors the first few. */
export function sumOf(results: readonly AnnounceResult[]): AnnounceResult {
  return {
    accepted: results.reduce((total, { accepted }) => total + accepted, 0),
    rejected: results.reduce((total, { rejected }) => total + rejected, 0),
    errors: [...new Set(results.flatMap(({ errors }) => errors))].slice(0, 10),
  };
}
