import type { EngineEvent } from '@peerloom/supervisor';
import type { Logger } from 'pino';
import { isByStranger } from './byStranger.ts';
import { eventText } from './eventItem.ts';

/** Tells the log of an event: sessions always, each step of a state machine only in `debug`. */
export function logEvent(log: Logger, event: EngineEvent): void {
  const level = levelOf(event);
  if (!log.isLevelEnabled(level)) return;
  const { kind } = event;
  const neighbor = 'peer' in event ? event.peer?.address : undefined;
  log[level](neighbor === undefined ? { kind } : { kind, neighbor }, eventText(event));
}

function levelOf(event: EngineEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.kind) {
    case 'transition':
    case 'collision':
      return 'debug';
    case 'peerAdded':
    case 'peerRemoved':
      // Strangers come and go as often as they like; the log hears of one when its session is up.
      return isByStranger(event) ? 'debug' : 'info';
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
