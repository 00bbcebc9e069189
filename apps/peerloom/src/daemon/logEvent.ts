import type { EngineEvent } from '@peerloom/supervisor';
import type { Logger } from 'pino';
import { eventItem } from './eventItem.ts';

/** Tells the log of an event: sessions always, each step of a state machine only in `debug`. */
export function logEvent(log: Logger, event: EngineEvent): void {
  const level = levelOf(event);
  if (!log.isLevelEnabled(level)) return;
  const { kind, neighbor, text } = eventItem(event);
  log[level]({ kind, ...(neighbor !== undefined && { neighbor }) }, text);
}

function levelOf(event: EngineEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.kind) {
    case 'transition':
    case 'collision':
      return 'debug';
    case 'notice':
    case 'refused':
    case 'lost':
      return 'warn';
    case 'workerDown':
      return 'error';
    default:
      return 'info';
  }
}
