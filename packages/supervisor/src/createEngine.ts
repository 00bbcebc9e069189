import { assertNoIssues, checkEngineOptions } from './checkEngineOptions.ts';
import { Engine } from './engine.ts';
import type { EngineOptions } from './engineOptions.ts';

/** What `createEngine` can be told beside the configuration. */
export interface CreateOptions {
  /** Closes the engine when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Starts an engine: checks the options, listens, starts the workers, and starts a session with each
 * neighbour. It resolves when all of that is under way; sessions come up in their own time.
 *
 * @throws PeerloomError When anything of the configuration cannot be had; nothing is left running then.
 */
export async function createEngine(
  options: EngineOptions,
  { signal }: CreateOptions = {},
): Promise<Engine> {
  assertNoIssues(checkEngineOptions(options));
  signal?.throwIfAborted();
  const engine = new Engine(options);
  try {
    await engine.start();
    signal?.throwIfAborted();
  } catch (error) {
    await engine.close();
    throw error;
  }
  if (signal !== undefined) engine.closeWith(signal);
  return engine;
}
