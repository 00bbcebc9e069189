/** Something wrong with an option. */
export interface OptionIssue {
  /** Where: keys and indices from the outermost object inwards. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right; it goes on from the name of the place: `is 2; it must be …`. */
  readonly message: string;
}

/** Where a value stands. */
export type OptionPath = readonly (string | number)[];

/** Looks at a value and adds to `issues` what is wrong with it. Never throws. */
export type OptionRule = (value: unknown, path: OptionPath, issues: OptionIssue[]) => void;

// The rules are our own because the engine carries them into every process that embeds it: a schema
// library costs 13 MB of memory and 70 ms at start, as much as two thousand sessions.

/** `neighbors[3].holdTime` */
export function formatOptionPath(path: OptionPath): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`,
    )
    .join('');
}

/** The issue in one sentence. */
export function formatOptionIssue(issue: OptionIssue): string {
  return `${formatOptionPath(issue.path) || 'the options'} ${issue.message}`;
}

/** A rule from a test and the words for what would be right. */
export function rule(test: (value: unknown) => boolean, right: string, secret = false): OptionRule {
  return (value, path, issues) => {
    if (test(value)) return;
    const what = secret ? 'is not right' : `is ${show(value)}`;
    issues.push({ path, message: `${what}; it must be ${right}` });
  };
}

/** A whole number in a range. */
export function integer(low: number, high: number, unit = ''): OptionRule {
  return rule(
    (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= high,
    `a whole number from ${low} to ${high}${unit === '' ? '' : ` ${unit}`}`,
  );
}

/** `true` or `false`. */
export const flag: OptionRule = rule((value) => typeof value === 'boolean', 'true or false');

/** Text of at most `maximum` characters. */
export function text(maximum = 255): OptionRule {
  return rule(
    (value) => typeof value === 'string' && value.length <= maximum,
    `text of at most ${maximum} characters`,
  );
}

/** One of some words. */
export function oneOf(...words: readonly string[]): OptionRule {
  return rule(
    (value) => typeof value === 'string' && words.includes(value),
    `one of ${words.join(', ')}`,
  );
}

/** What any of the rules takes; `right` says so in words. */
export function anyOf(right: string, ...rules: readonly OptionRule[]): OptionRule {
  return (value, path, issues) => {
    const tries = rules.map((each) => {
      const found: OptionIssue[] = [];
      each(value, path, found);
      return found;
    });
    if (tries.some((found) => found.length === 0)) return;
    // What is wrong within an object is more to the point than that it is not something else.
    const within = tries.find((found) => found[0]!.path.length > path.length);
    if (within !== undefined) issues.push(...within);
    else issues.push({ path, message: `is ${show(value)}; it must be ${right}` });
  };
}

/** An array, each element by the same rule. */
export function listOf(element: OptionRule): OptionRule {
  return (value, path, issues) => {
    if (!Array.isArray(value)) {
      issues.push({ path, message: `is ${show(value)}; it must be a list` });
      return;
    }
    for (const [index, each] of value.entries()) element(each, [...path, index], issues);
  };
}

/** An object with names of the user's own, each value by the same rule, each name by `name`. */
export function recordOf(element: OptionRule, name: OptionRule = () => {}): OptionRule {
  return (value, path, issues) => {
    if (!isObject(value)) {
      issues.push({ path, message: `is ${show(value)}; it must be an object` });
      return;
    }
    for (const [key, each] of Object.entries(value)) {
      name(key, [...path, key], issues);
      element(each, [...path, key], issues);
    }
  };
}

/** An object with the keys given and no others; `undefined` counts as left out. */
export function shape(
  keys: Readonly<Record<string, OptionRule>>,
  required: readonly string[] = [],
): OptionRule {
  return (value, path, issues) => {
    if (!isObject(value)) {
      issues.push({ path, message: `is ${show(value)}; it must be an object` });
      return;
    }
    for (const [key, each] of Object.entries(value)) {
      const known = Object.hasOwn(keys, key) ? keys[key] : undefined;
      if (known === undefined) {
        issues.push({ path: [...path, key], message: unknownOption(key, Object.keys(keys)) });
      } else if (each !== undefined) {
        known(each, [...path, key], issues);
      }
    }
    for (const key of required) {
      if (value[key] === undefined) issues.push({ path: [...path, key], message: 'is missing' });
    }
  };
}

function unknownOption(key: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= 2
    ? `is no option; did you mean ${near.name}?`
    : `is no option; there are ${known.join(', ')}`;
}

/** Characters to insert, delete or replace to make one word of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replace = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replace, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}

/** A plain object, or one of a class; no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
