import type { Scenario } from '../scenario.ts';

/** The same for all keys: not even how long one is can be told from it. */
const mask = '***';

/** A scenario that may be passed around: whether there are TCP MD5 keys can be seen in it, and not which. */
export function withMaskedKeys(scenario: Scenario): Scenario {
  const speakers = scenario.speakers.map((group) =>
    group.password === undefined ? group : { ...group, password: mask },
  );
  return { ...scenario, speakers };
}
