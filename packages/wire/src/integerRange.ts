import { WireError } from './wireError.ts';

/** `value`, if it is an integer in 0–`maximum`; throws a `WireError` that names `what` if not. */
export function requireInteger(what: string, value: number, maximum: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return value;
  throw new WireError(
    'ERR_WIRE_BAD_VALUE',
    `${what} is ${value}; it must be an integer from 0 to ${maximum}`,
  );
}
