import { describe, expect, it } from 'vitest';
import { eventName, fsmEvents } from '../src/index.ts';
import { actionsOf } from './stateTable/actions.ts';
import { expectedCell, rows } from './stateTable/expectedCells.ts';
import { machineIn, signalEvent } from './stateTable/machineInState.ts';

describe.for(['rfc4271', 'classic'] as const)('profile %s', (profile) => {
  describe.for(rows)('%s', (state) => {
    it.for(fsmEvents.map((event) => [event, eventName(event)] as const))(
      'Event %i, %s',
      ([event]) => {
        const machine = machineIn(state, profile);
        signalEvent(machine, event);
        expect({ state: machine.state, actions: actionsOf(machine) }).toEqual(
          expectedCell(profile, state, event),
        );
      },
    );
  });
});
