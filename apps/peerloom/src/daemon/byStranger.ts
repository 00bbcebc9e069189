import type { EngineEvent } from '@peerloom/supervisor';

/** Whether somebody has caused an event of whom nothing is known but that he reaches our port. */
export function isByStranger(event: EngineEvent): boolean {
  if (event.kind === 'refused') return true;
  const peer = 'peer' in event ? event.peer : undefined;
  return peer?.isStranger ?? false;
}
