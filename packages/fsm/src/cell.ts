import { type FsmEvent, fsmEvents } from './event.ts';
import type { Machine } from './machine.ts';
import type { Signal } from './signal.ts';
import type { FsmState } from './state.ts';
import type { Track } from './track.ts';

/** What is done about an event in a state, and which state comes of it. */
export type Cell = (machine: Machine, track: Track, signal: Signal) => void;

/** The cells of one state: one for each event, so that there is no pair without an answer. */
export type StateRow = Readonly<Record<FsmEvent, Cell>>;

/** A cell for every state and event. */
export type StateTable = Readonly<Record<FsmState, StateRow>>;

/** Cells that stand in for those of another table. */
export type StateOverrides = Readonly<Partial<Record<FsmState, Partial<StateRow>>>>;

/** A row of the cells given, and `otherwise` for all other events. */
export function row(cells: Partial<StateRow>, otherwise: Cell): StateRow {
  const entries = fsmEvents.map((event): [FsmEvent, Cell] => [event, cells[event] ?? otherwise]);
  return Object.fromEntries(entries) as StateRow;
}

/** The same cell for several events. */
export function on(events: readonly FsmEvent[], cell: Cell): Partial<StateRow> {
  return Object.fromEntries(events.map((event) => [event, cell]));
}
