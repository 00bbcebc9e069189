import type { EncodedAnnouncement, RouteAnnouncement } from '@peerloom/ipc';
import { anyOf, isObject, listOf, type OptionRule, rule, shape } from './optionRule.ts';

/**
 * What a value may be, as a rule, and as a test that says no more than yes or no: routes come by the hundred
 * thousand, and to look at each with rules would take a third of the time that it takes to announce it.
 */
interface Kind {
  readonly test: (value: unknown) => boolean;
  readonly rule: OptionRule;
}

const kind = (test: Kind['test'], right: string): Kind => ({ test, rule: rule(test, right) });

const text = kind((value) => typeof value === 'string', 'text');
const number = kind((value) => typeof value === 'number', 'a number');
const flag = kind((value) => typeof value === 'boolean', 'true or false');
const octets = kind((value) => value instanceof Uint8Array, 'a Uint8Array');
const texts = list(text);
const asPath = list(either('an AS number, or a list of them', number, list(number)));
const aggregator = object({ as: number, address: text }, ['as', 'address']);

function list(element: Kind): Kind {
  return {
    test: (value) => Array.isArray(value) && value.every((each) => element.test(each)),
    rule: listOf(element.rule),
  };
}

function either(right: string, one: Kind, other: Kind): Kind {
  return {
    test: (value) => one.test(value) || other.test(value),
    rule: anyOf(right, one.rule, other.rule),
  };
}

function object(kinds: Readonly<Record<string, Kind>>, required: readonly string[]): Kind {
  const tests = new Map(Object.entries(kinds).map(([key, { test }]) => [key, test]));
  const rules = Object.entries(kinds).map(([key, each]) => [key, each.rule] as const);
  return {
    test: (value) => {
      if (!isObject(value)) return false;
      for (const key in value) {
        const test = tests.get(key);
        if (test === undefined || (value[key] !== undefined && !test(value[key]))) return false;
      }
      return required.every((key) => value[key] !== undefined);
    },
    rule: shape(Object.fromEntries(rules), required),
  };
}

const spelledOut: Readonly<Record<keyof RouteAnnouncement, Kind>> = {
  prefix: text,
  family: text,
  pathId: number,
  nextHop: text,
  origin: text,
  asPath,
  asPathIsFinal: flag,
  multiExitDiscriminator: number,
  localPreference: number,
  atomicAggregate: flag,
  aggregator,
  communities: texts,
  largeCommunities: texts,
  extendedCommunities: texts,
};

const encoded: Readonly<Record<keyof EncodedAnnouncement, Kind>> = {
  family: text,
  attributes: octets,
  nextHop: octets,
  nlri: octets,
  addPath: flag,
  asPathIsFinal: flag,
};

/** A route, in either form, by what it needs in each. */
function route(spelledOutNeeds: readonly string[], encodedNeeds: readonly string[]): OptionRule {
  const spelled = object(spelledOut, spelledOutNeeds);
  const field = object(encoded, encodedNeeds);
  const anObject = rule(isObject, "an object such as { prefix: '10.0.0.0/8' }");
  return (value, path, issues) => {
    if (!isObject(value)) return anObject(value, path, issues);
    const form = 'nlri' in value ? field : spelled;
    if (!form.test(value)) form.rule(value, path, issues);
  };
}

/**
 * The form of a route to announce: that its keys are known, and its values of the kinds that they must be.
 * What they say is judged where they are encoded, by `@peerloom/actor`.
 */
export const announcement: OptionRule = route(['prefix'], ['family', 'attributes', 'nlri']);

/** The form of a route to withdraw, which may be all that was announced: the attributes say nothing then. */
export const withdrawal: OptionRule = route(['prefix'], ['family', 'nlri']);
