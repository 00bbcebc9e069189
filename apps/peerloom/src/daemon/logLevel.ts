/** How a log is written: lines for people, or JSON for programs. */
export type LogFormat = 'text' | 'json';

/** From the least to the most that is told. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
/** One of `logLevels`. */
export type LogLevel = (typeof logLevels)[number];
