/** An option of a peer is out of its range. `code` is stable; match on it and on `option`. */
export class FsmOptionError extends RangeError {
  override readonly name = 'FsmOptionError';
  readonly code = 'ERR_FSM_OPTION';
  /** The option's name. */
  readonly option: string;
  /** What it was. */
  readonly value: unknown;

  constructor(option: string, value: unknown, wanted: string) {
    super(`${option} is ${String(value)}; it must be ${wanted}`);
    this.option = option;
    this.value = value;
  }
}
