import { readFileSync } from 'node:fs';

/** The version of this app, as published; its package.json stands beside both `src` and `dist`. */
export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  }
).version;
