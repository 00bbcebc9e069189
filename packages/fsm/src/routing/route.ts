import { dispatch } from '../dispatch.ts';
import { FsmEvent } from '../event.ts';
import type { FsmInput } from '../input.ts';
import type { Machine } from '../machine.ts';
import { routeOptions, routeRetryNow, routeStart, routeStop } from './administration.ts';
import {
  routeAccepted,
  routeClosed,
  routeConnectionRequest,
  routeDialConnected,
  routeDialFailed,
  routeRefused,
} from './connections.ts';
import { routeDecodeError, routeMessage } from './messages.ts';
import { routeTimer } from './timers.ts';

/** Finds the event that an input is, and the track that it concerns. Inputs about what is gone already are ignored. */
export function route(machine: Machine, input: FsmInput): void {
  switch (input.type) {
    case 'start':
      routeStart(machine, input);
      break;
    case 'stop':
      routeStop(machine, input);
      break;
    case 'dialConnected':
      routeDialConnected(machine, input);
      break;
    case 'dialFailed':
      routeDialFailed(machine, input);
      break;
    case 'connectionRequest':
      routeConnectionRequest(machine, input);
      break;
    case 'accepted':
      routeAccepted(machine, input);
      break;
    case 'refused':
      routeRefused(machine, input);
      break;
    case 'closed':
      routeClosed(machine, input);
      break;
    case 'message':
      routeMessage(machine, input);
      break;
    case 'decodeError':
      routeDecodeError(machine, input);
      break;
    case 'timer':
      routeTimer(machine, input);
      break;
    case 'transmitProgress':
      machine.noteTransmitted(input.connection, input.unsentBytes);
      break;
    case 'collisionDump': {
      const track = machine.trackOf(input.connection);
      const event = FsmEvent.openCollisionDump;
      if (track !== undefined) dispatch(machine, track, { event, why: 'dumped on demand' });
      break;
    }
    case 'retryNow':
      routeRetryNow(machine);
      break;
    case 'options':
      routeOptions(machine, input);
      break;
  }
}
