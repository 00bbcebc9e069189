import type { StateOverrides, StateRow, StateTable } from './cell.ts';
import { classic } from './classic.ts';
import type { FsmProfile } from './profile.ts';
import { rfc4271 } from './rfc4271.ts';
import { type FsmState, fsmStates } from './state.ts';

function overlay(table: StateTable, overrides: StateOverrides): StateTable {
  const rows = fsmStates.map((state): [FsmState, StateRow] => [
    state,
    { ...table[state], ...overrides[state] },
  ]);
  return Object.fromEntries(rows) as unknown as StateTable;
}

const tables: Readonly<Record<FsmProfile, StateTable>> = {
  rfc4271,
  classic: overlay(rfc4271, classic),
};

/** The state table of a profile. */
export function tableOf(profile: FsmProfile): StateTable {
  return tables[profile];
}
