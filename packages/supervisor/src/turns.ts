/**
 * Has calls take effect in the order in which they are made, as far as they concern the same: one for `'all'`
 * waits for all before it, and any other for those of its scope and for all. What concerns others goes on
 * meanwhile.
 */
export class Turns<Scope extends object> {
  /** The last call of each scope that has not ended. Those before it, it waits for itself. */
  readonly #last = new Map<Scope | 'all', Promise<unknown>>();

  /** Carries a call out when those before it have ended, well or not: at once where there are none. */
  take<Result>(scope: Scope | 'all', carryOut: () => Promise<Result>): Promise<Result> {
    const last = this.#last;
    const before =
      scope === 'all' ? [...last.values()] : [last.get(scope) ?? last.get('all') ?? []].flat();
    const turn = before.length === 0 ? carryOut() : Promise.allSettled(before).then(carryOut);
    if (scope === 'all') last.clear();
    last.set(scope, turn);
    const end = (): void => {
      if (last.get(scope) === turn) last.delete(scope);
    };
    turn.then(end, end);
    return turn;
  }
}
