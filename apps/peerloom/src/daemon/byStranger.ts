import type { EngineEvent } from '@peerloom/supervisor';

/** Whether an event is one that anybody can cause who reaches our port. */
export function isByStranger(event: EngineEvent): boolean {
  if (event.kind === 'refused') return event.peer === undefined;
  const peer = 'peer' in event ? event.peer : undefined;
  return peer?.isStranger ?? false;
}
