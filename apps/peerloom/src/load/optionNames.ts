import type { LoadOptions } from './loadOptions.ts';

type OptionName = keyof LoadOptions;

/** How an option is typed: `--hold-time` for `holdTime`. */
export function optionName(name: OptionName): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * What was typed of the value at `path`, for a complaint about it: nobody who typed `--hold-time 1` knows of a
 * `speakers.0.holdTime`.
 *
 * @param path in the scenario that was made of a command line
 * @param speakers of that scenario
 */
export function typedOption(
  path: readonly PropertyKey[],
  speakers: readonly { readonly role?: string }[] = [],
): string {
  const place = path.filter((step) => typeof step !== 'number').join('.');
  const isSink = path[0] === 'speakers' && speakers[Number(path[1])]?.role === 'sink';
  const option = (isSink ? ofSinks[place] : undefined) ?? options[place];
  if (option !== undefined) return optionName(option);
  // Of the phases only these have an option of their own; what else they take follows their name.
  const [, phase, value] = place.split('.');
  return `${optionName('phases')}: the ${value} of ${phase}`;
}

/** By the place of the value, places in lists left out. */
const options: Readonly<Record<string, OptionName>> = {
  'target.address': 'target',
  'target.remoteAs': 'remoteAs',
  'target.pid': 'dutPid',
  'speakers.localAs': 'localAs',
  'speakers.sourceAddress': 'sourceAddress',
  'speakers.holdTime': 'holdTime',
  'speakers.listenPort': 'listen',
  'speakers.password': 'password',
  'routes.generated.prefixes': 'prefixes',
  'routes.generated.ipv6Prefixes': 'ipv6Prefixes',
  'routes.generated.distribution': 'distribution',
  'routes.mrtTable.file': 'mrt',
  'routes.mrtUpdates.file': 'replay',
  'routes.mrtUpdates.speed': 'speed',
  'phases.establish.concurrency': 'concurrency',
  'phases.announce.rate': 'rate',
  'phases.restore.rate': 'rate',
  'phases.churn.rate': 'rate',
  thresholds: 'threshold',
  seed: 'seed',
  workers: 'workers',
};

const ofSinks: Readonly<Record<string, OptionName>> = {
  'speakers.localAs': 'sinkAs',
  'speakers.sourceAddress': 'sinkAddress',
};
