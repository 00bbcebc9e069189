import { defaultPhases, type Phase, type PhaseName, type Scenario } from '@peerloom/load';
import { type CommandError, usageError } from '../exitCode.ts';
import { optionName, typedOption } from './optionNames.ts';
import { readScenario } from './readScenario.ts';
import { completeScenario, type ScenarioDocument, scenarioSchema } from './scenarioSchema.ts';

/** What `load` was given on the command line. */
export interface LoadOptions {
  readonly config?: string;
  readonly target?: string;
  readonly remoteAs?: string;
  readonly localAs?: string;
  readonly peers?: string;
  readonly sinks?: string;
  readonly sinkAs?: string;
  readonly sourceAddress?: string;
  readonly sinkAddress?: string;
  readonly prefixes?: string;
  readonly ipv6Prefixes?: string;
  readonly distribution?: string;
  readonly mrt?: string;
  readonly replay?: string;
  readonly speed?: string;
  readonly phases?: string;
  readonly rate?: string;
  readonly concurrency?: string;
  readonly holdTime?: string;
  readonly listen?: string;
  readonly password?: string;
  readonly reflector?: boolean;
  readonly routeServer?: boolean;
  readonly dutPid?: string;
  readonly threshold?: readonly string[];
  readonly seed?: string;
  readonly workers?: string;
  readonly json?: string | true;
  readonly html?: string;
  readonly quiet?: boolean;
  readonly check?: boolean;
}

/** Options that say what a scenario file says too, and cannot stand beside one. */
const shapes = [
  'remoteAs',
  'localAs',
  'peers',
  'sinks',
  'sinkAs',
  'sourceAddress',
  'sinkAddress',
  'prefixes',
  'ipv6Prefixes',
  'distribution',
  'mrt',
  'replay',
  'speed',
  'phases',
  'rate',
  'concurrency',
  'holdTime',
  'listen',
  'password',
  'reflector',
  'routeServer',
] as const satisfies (keyof LoadOptions)[];

/** The scenario that a command line means. Throws a usage error, or a `ConfigurationError` of the file. */
export function scenarioOf(options: LoadOptions): Scenario {
  if (options.config === undefined) return scenarioOfWords(options);
  const stray = shapes.find((name) => options[name] !== undefined);
  if (stray !== undefined) {
    throw usageError(
      `${optionName(stray)} cannot stand beside --config: set it in ${options.config}`,
    );
  }
  const scenario = readScenario(options.config);
  const { target, dutPid, seed, workers } = options;
  const typed = checked({
    target: {
      address: scenario.target.address,
      ...(target !== undefined && targetOf(target)),
      ...(dutPid !== undefined && { pid: numberOf('dutPid', dutPid) }),
    },
    thresholds: options.threshold ?? [],
    ...(seed !== undefined && { seed: numberOf('seed', seed) }),
    ...(workers !== undefined && { workers: numberOf('workers', workers) }),
  });
  return {
    ...scenario,
    target: { ...scenario.target, ...typed.target },
    thresholds: [...scenario.thresholds, ...(typed.thresholds ?? [])],
    seed: typed.seed ?? scenario.seed,
    workers: typed.workers ?? scenario.workers,
  };
}

function scenarioOfWords(options: LoadOptions): Scenario {
  if (options.target === undefined) {
    throw usageError(
      '--target is missing; give the device under test, as in --target 127.0.0.1:1790',
    );
  }
  const number = (name: keyof LoadOptions): number | undefined => {
    const text = options[name];
    return text === undefined ? undefined : numberOf(name, text as string);
  };
  const speakers = (name: 'peers' | 'sinks'): number | undefined => {
    const count = number(name);
    if (count === undefined || (Number.isInteger(count) && count >= 0 && count <= 100_000)) {
      return count;
    }
    throw usageError(`${optionName(name)} ${count}: it must be a whole number from 0 to 100000`);
  };
  const { mrt, replay } = options;
  checkRouteOptions(options);
  const localAs = number('localAs') ?? 65_001;
  const remoteAs = number('remoteAs');
  const pid = number('dutPid');
  const sinks = speakers('sinks') ?? 0;
  const peers = speakers('peers') ?? 1;
  const common = {
    ...defined({ holdTime: number('holdTime'), password: options.password }),
    ...(options.listen !== undefined && { passive: true, listenPort: number('listen') }),
    ...((number('ipv6Prefixes') ?? 0) > 0 && { families: ['ipv4-unicast', 'ipv6-unicast'] }),
  };
  const file = mrt ?? replay;
  const typed = checked({
    target: { ...targetOf(options.target), ...defined({ remoteAs, pid }) },
    speakers: [
      ...(peers > 0
        ? [
            {
              count: peers,
              localAs,
              ...common,
              ...defined({ sourceAddress: options.sourceAddress }),
            },
          ]
        : []),
      ...(sinks > 0
        ? [
            {
              role: 'sink',
              count: sinks,
              localAs: number('sinkAs') ?? localAs + 1000,
              ...common,
              ...defined({ sourceAddress: options.sinkAddress }),
            },
          ]
        : []),
    ],
    routes:
      file !== undefined
        ? mrt !== undefined
          ? { mrtTable: { file } }
          : { mrtUpdates: { file, ...defined({ speed: number('speed') }) } }
        : {
            generated: defined({
              prefixes: number('prefixes'),
              ipv6Prefixes: number('ipv6Prefixes'),
              distribution: options.distribution,
            }),
          },
    expect: {
      ...(options.reflector === true && { reflector: true }),
      ...(options.routeServer === true && { transparent: true }),
    },
    phases: phasesOf(options),
    thresholds: options.threshold ?? [],
    ...defined({ seed: number('seed'), workers: number('workers') }),
  });
  return completeScenario(typed, 'command line');
}

/** Values that were typed, each of them checked. Throws a usage error that names the option. */
function checked(document: {
  readonly speakers?: readonly { readonly role?: string; readonly [option: string]: unknown }[];
  readonly [part: string]: unknown;
}): ScenarioDocument {
  const parsed = scenarioSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(`${typedOption(issue!.path, document.speakers)} ${issue!.message}`);
}

/** Routes come from one place only: an option of another one would be passed over without a word. */
function checkRouteOptions(options: LoadOptions): void {
  const { mrt, replay, speed } = options;
  if (mrt !== undefined && replay !== undefined) {
    throw usageError('--mrt cannot stand beside --replay: the routes come from one file');
  }
  if (speed !== undefined && replay === undefined) {
    throw usageError('--speed is for --replay: give the file with the updates');
  }
  const file = mrt !== undefined ? '--mrt' : replay !== undefined ? '--replay' : undefined;
  const stray = (['prefixes', 'ipv6Prefixes', 'distribution'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (file === undefined || stray === undefined) return;
  throw usageError(
    `${optionName(stray)} cannot stand beside ${file}: it is for routes that are generated`,
  );
}

/** `establish,announce,steady=10` as the phases of a scenario. */
function phasesOf(options: LoadOptions): Phase[] {
  const usual = options.peers === '0' ? 'establish,steady' : 'establish,announce,steady';
  const words = (options.phases ?? usual).split(',');
  const rate = options.rate === undefined ? undefined : numberOf('rate', options.rate);
  return words.map((word) => {
    const [name, value] = word.trim().split('=') as [string, string | undefined];
    if (!(name in defaultPhases)) {
      const known = Object.keys(defaultPhases).join(', ');
      throw usageError(`--phases: there is no phase ${JSON.stringify(name)}; there are ${known}`);
    }
    const phase = defaultPhases[name as PhaseName];
    const number = value === undefined ? undefined : numberOf('phases', value);
    const takesNumber = ['steady', 'churn', 'flap'].includes(name);
    if (number !== undefined && !takesNumber) {
      throw usageError(
        `--phases: ${name} takes no number; there are steady=SECONDS, churn=SECONDS and flap=SESSIONS, and timeouts in a scenario file`,
      );
    }
    switch (phase.phase) {
      case 'establish': {
        const { concurrency } = options;
        const wanted = concurrency === undefined ? undefined : numberOf('concurrency', concurrency);
        return asWritten(phase, { concurrency: wanted });
      }
      case 'announce':
      case 'restore':
        if (rate !== undefined && options.replay !== undefined) throw rateOfReplay(phase.phase);
        return asWritten(phase, { rate });
      case 'steady':
        return asWritten(phase, { duration: number });
      case 'churn':
        return asWritten(phase, { rate, duration: number });
      case 'flap':
        return asWritten(phase, { sessions: number });
      default:
        return asWritten(phase, {});
    }
  });
}

/** A schedule of ours would take the place of the recorded one, which is what a replay is for. */
function rateOfReplay(phase: PhaseName): CommandError {
  return usageError(
    `--rate cannot stand beside --replay in the phase ${phase}: a recording is sent in its own timing, and --speed makes that quicker or slower`,
  );
}

/** As the schema takes it: the name, and the options that are given. */
function asWritten(phase: Phase, options: Record<string, number | undefined>): Phase {
  const { phase: name, ...rest } = phase;
  return { [name]: { ...rest, ...defined(options) } } as unknown as Phase;
}

function targetOf(text: string): { address: string; port: number } {
  const match = /^\[?([0-9a-fA-F.:]+?)\]?(?::(\d{1,5}))?$/.exec(
    text.includes(']') || text.split(':').length <= 2 ? text : `[${text}]`,
  );
  const port = Number(match?.[2] ?? 179);
  if (match === null || port < 1 || port > 65_535) {
    throw usageError(
      `--target ${text}: give an address and a port, as in 127.0.0.1:1790 or [::1]:179`,
    );
  }
  return { address: match[1]!, port };
}

function numberOf(name: keyof LoadOptions, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw usageError(`${optionName(name)} ${text}: it must be a number`);
}

/** Only what has a value. */
function defined<T extends object>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
