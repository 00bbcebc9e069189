import type * as z from 'zod';
import type { ConfigurationProblem } from './configurationError.ts';
import { type ConfigurationDocument, type KeyPath, pathText } from './document.ts';

/** Something wrong with the value at `path`; `message` goes on from the name of the place. */
export interface Issue {
  readonly path: KeyPath;
  readonly message: string;
}

/** What zod found, as plain issues; `base` leads to the value that it looked at. */
export function issuesOf(error: z.ZodError, base: KeyPath = []): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const path = [...base, ...(issue.path as KeyPath)];
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({ path: [...path, key], message: messages[index]! }));
  });
}

/** An issue with its place in the file. */
export function problemAt(
  document: ConfigurationDocument,
  { path, message }: Issue,
): ConfigurationProblem {
  return {
    ...document.placeOf(path),
    key: pathText(path),
    text: message,
  };
}
