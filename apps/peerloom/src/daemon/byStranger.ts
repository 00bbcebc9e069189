import type { EngineEvent } from '@peerloom/supervisor';

/** Whether somebody has caused an event of whom nothing is known but that he reaches our port. */
export function isByStranger(event: EngineEvent): boolean {
  if (event.kind === 'refused') return true;
  return 'peer' in event && event.peer?.isStranger === true;
}
