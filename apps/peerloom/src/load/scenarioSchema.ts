import {
  defaultGroup,
  defaultPhaseOrder,
  defaultPhases,
  type Expectation,
  familyMismatch,
  type Phase,
  type PhaseName,
  parseThreshold,
  type RouteSource,
  type Scenario,
  type SpeakerGroup,
  type Target,
} from '@peerloom/load';
import { maximumPasswordLength } from '@peerloom/sockets';
import * as z from 'zod';
import { list, mapping } from '../configuration/structures.ts';
import * as scalars from '../configuration/values.ts';

/** A number of seconds, with fractions. */
function seconds(least: number): z.ZodType<number> {
  return scalars.scalar(`seconds, ${least} or more`, (input) =>
    typeof input === 'number' && Number.isFinite(input) && input >= least ? input : undefined,
  );
}

/** A number above zero, with fractions. */
function positive(noun: string): z.ZodType<number> {
  return scalars.scalar(`${noun} above 0`, (input) =>
    typeof input === 'number' && Number.isFinite(input) && input > 0 ? input : undefined,
  );
}

const dottedQuad = scalars.scalar('a dotted quad such as 192.0.2.1', (input) =>
  typeof input === 'string' && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(input) ? input : undefined,
);
const rate = positive('a number of UPDATEs a second');
const holdTime = scalars.scalar('0, or 3 to 65535 whole seconds', (input) =>
  input === 0 ? 0 : scalars.wholeNumber(input, 3, 65_535),
);

/** Not quoted in a complaint, as other values are: who sees an error need not know the key. */
const password = z.custom<string>(
  (input) =>
    typeof input === 'string' && input !== '' && Buffer.byteLength(input) <= maximumPasswordLength,
  `is no TCP MD5 key; it must be a text of 1 to ${maximumPasswordLength} octets`,
);

const target = mapping({
  address: scalars.address,
  port: scalars.integer('a port', 1, 65_535).exactOptional(),
  remoteAs: scalars.asNumber.exactOptional(),
  pid: scalars.integer('a process id', 1, 4_194_304).exactOptional(),
});

const group = mapping({
  role: scalars.oneOf('source', 'sink', 'both').exactOptional(),
  count: scalars.integer('a number of speakers', 1, 100_000).exactOptional(),
  sourceAddress: scalars.address.exactOptional(),
  addressStep: scalars.integer('a distance', 0, 65_536).exactOptional(),
  localAs: scalars.asNumber.exactOptional(),
  asStep: scalars.integer('a distance', 0, 65_536).exactOptional(),
  routerId: dottedQuad.exactOptional(),
  holdTime: holdTime.exactOptional(),
  families: list(scalars.family).exactOptional(),
  nextHop: dottedQuad.exactOptional(),
  nextHopIpv6: scalars.address.exactOptional(),
  passive: scalars.flag.exactOptional(),
  listenPort: scalars.integer('a port', 1, 65_535).exactOptional(),
  password: password.exactOptional(),
  ttlSecurity: scalars.integer('a number of hops', 1, 254).exactOptional(),
  ttl: scalars.integer('a TTL', 1, 255).exactOptional(),
  addPath: scalars.oneOf('send', 'receive', 'both').exactOptional(),
  extendedMessage: scalars.flag.exactOptional(),
});

const fraction = scalars.scalar('a share from 0 to 0.5', (input) =>
  typeof input === 'number' && input >= 0 && input <= 0.5 ? input : undefined,
);
const peers = list(scalars.address)
  .min(1, 'is empty; name one peer or more, or leave it away to take them as they come')
  .exactOptional();
const generated = mapping({
  prefixes: scalars.integer('a number of prefixes', 0, 10_000_000).exactOptional(),
  ipv6Prefixes: scalars.integer('a number of prefixes', 0, 10_000_000).exactOptional(),
  distribution: scalars.oneOf('same', 'overlapping', 'disjoint').exactOptional(),
  overlap: fraction.exactOptional(),
  prefixesPerUpdate: scalars.integer('a number of prefixes', 1, 1000).exactOptional(),
});
const mrtTable = mapping({
  file: scalars.path,
  peers,
  limit: scalars.integer('a number of routes', 1, 100_000_000).exactOptional(),
});
const mrtUpdates = mapping({
  file: scalars.path,
  peers,
  speed: positive('a factor').exactOptional(),
});
const rawUpdates = mapping({ files: list(scalars.path) });
const routes = mapping({
  generated: generated.exactOptional(),
  mrtTable: mrtTable.exactOptional(),
  mrtUpdates: mrtUpdates.exactOptional(),
  rawUpdates: rawUpdates.exactOptional(),
}).superRefine((value, context) => {
  if (Object.keys(value).length === 1) return;
  const message = 'must have one of generated, mrtTable, mrtUpdates and rawUpdates';
  context.addIssue({ code: 'custom', message });
});

const phases = {
  establish: mapping({
    concurrency: scalars.integer('a number of sessions', 1, 100_000).exactOptional(),
    timeout: seconds(0.1).exactOptional(),
  }),
  announce: mapping({
    rate: rate.exactOptional(),
    timeout: seconds(0.1).exactOptional(),
    settle: seconds(0).exactOptional(),
  }),
  steady: mapping({ duration: seconds(0).exactOptional() }),
  churn: mapping({
    duration: seconds(0.1).exactOptional(),
    rate: rate.exactOptional(),
    gap: seconds(0).exactOptional(),
    settle: seconds(0).exactOptional(),
  }),
  flap: mapping({
    sessions: scalars.integer('a number of sessions', 1, 100_000).exactOptional(),
    times: scalars.integer('a number of times', 1, 100_000).exactOptional(),
    reset: scalars.flag.exactOptional(),
    down: seconds(0).exactOptional(),
    timeout: seconds(0.1).exactOptional(),
    settle: seconds(0).exactOptional(),
  }),
  withdraw: mapping({
    timeout: seconds(0.1).exactOptional(),
    settle: seconds(0).exactOptional(),
  }),
} as const;

/** `announce`, or `announce: { rate: 100 }`. */
const phase: z.ZodType<Phase> = z.unknown().transform((input, context) => {
  const names = Object.keys(defaultPhases) as PhaseName[];
  const entries =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.entries(input)
      : typeof input === 'string'
        ? [[input, {}] as const]
        : [];
  const [entry] = entries;
  const name = names.find((one) => one === entry?.[0]);
  if (name === undefined || entries.length !== 1) {
    const message = scalars.complaint(`one of ${names.join(', ')}, with options or without`, input);
    context.issues.push({ code: 'custom', input, message });
    return z.NEVER;
  }
  const parsed = phases[name === 'restore' ? 'announce' : name].safeParse(entry![1] ?? {});
  if (parsed.success) return { ...defaultPhases[name], ...parsed.data };
  for (const issue of parsed.error.issues) {
    const path = [name, ...issue.path];
    context.issues.push({ ...issue, input: undefined, path });
  }
  return z.NEVER;
});

const threshold: z.ZodType<string> = scalars.text.transform((text, context) => {
  try {
    parseThreshold(text);
  } catch (error) {
    const { message } = error as Error;
    context.issues.push({ code: 'custom', input: text, message });
  }
  return text;
});

const document = mapping({
  name: scalars.text.exactOptional(),
  target,
  speakers: list(group).exactOptional(),
  routes: routes.exactOptional(),
  seed: scalars.integer('a number', 0, 4_294_967_295).exactOptional(),
  phases: list(phase).exactOptional(),
  expect: mapping({
    oracle: scalars.flag.exactOptional(),
    transparent: scalars.flag.exactOptional(),
    reflector: scalars.flag.exactOptional(),
  }).exactOptional(),
  thresholds: list(threshold).exactOptional(),
  workers: scalars.integer('a number of threads', 0, 256).exactOptional(),
}).superRefine(({ target: { address }, speakers = [] }, context) => {
  for (const [index, { sourceAddress }] of speakers.entries()) {
    const message = familyMismatch(sourceAddress, address);
    if (message === undefined) continue;
    const path = ['speakers', index, 'sourceAddress'];
    context.addIssue({ code: 'custom', path, message });
  }
});

type RoutesOf<Kind extends RouteSource['kind']> = Omit<
  Extract<RouteSource, { kind: Kind }>,
  'kind'
>;
type WrittenGroup = Partial<SpeakerGroup>;

/** A scenario as it was written, each value checked; what is not said is absent. */
export interface ScenarioDocument {
  readonly name?: string;
  readonly target: Omit<Target, 'port'> & Partial<Pick<Target, 'port'>>;
  readonly speakers?: readonly WrittenGroup[];
  readonly routes?: {
    readonly generated?: Partial<RoutesOf<'generated'>>;
    readonly mrtTable?: RoutesOf<'mrtTable'>;
    readonly mrtUpdates?: Omit<RoutesOf<'mrtUpdates'>, 'speed'> & { readonly speed?: number };
    readonly rawUpdates?: RoutesOf<'rawUpdates'>;
  };
  readonly seed?: number;
  readonly phases?: readonly Phase[];
  readonly expect?: Partial<Expectation>;
  readonly thresholds?: readonly string[];
  readonly workers?: number;
}

/** What a scenario file may say. */
export const scenarioSchema: z.ZodType<ScenarioDocument> = document;

/** Fills in what a scenario does not say. */
export function completeScenario(written: ScenarioDocument, name: string): Scenario {
  const { seed = 1, workers = 0, thresholds = [] } = written;
  const speakers = (written.speakers ?? [{}]).map(completeGroup(written.target.address));
  return {
    name: written.name ?? name,
    target: { ...written.target, port: written.target.port ?? 179 },
    speakers,
    routes: completeRoutes(written.routes),
    seed,
    phases: written.phases ?? defaultPhaseOrder.map((one) => defaultPhases[one]),
    expect: { oracle: true, transparent: false, ...written.expect } satisfies Expectation,
    thresholds,
    workers,
  };
}

/** Groups follow each other in the blocks of 127.1.0.0/16 and up on loopback; elsewhere the system chooses. */
function completeGroup(device: string): (group: WrittenGroup, index: number) => SpeakerGroup {
  return (written, index) => {
    const onLoopback = device.startsWith('127.');
    return {
      ...defaultGroup,
      routerId: `10.${index + 1}.0.1`,
      ...(onLoopback && { sourceAddress: `127.${index + 1}.0.1` }),
      ...written,
    };
  };
}

/** What a scenario announces where it does not say. */
const defaultGenerated: Extract<RouteSource, { kind: 'generated' }> = {
  kind: 'generated',
  prefixes: 100,
  ipv6Prefixes: 0,
  distribution: 'disjoint',
  overlap: 0.5,
};

function completeRoutes(written: ScenarioDocument['routes']): RouteSource {
  if (written?.mrtTable !== undefined) return { kind: 'mrtTable', ...written.mrtTable };
  if (written?.mrtUpdates !== undefined) {
    return { kind: 'mrtUpdates', speed: 1, ...written.mrtUpdates };
  }
  if (written?.rawUpdates !== undefined) return { kind: 'rawUpdates', ...written.rawUpdates };
  return { ...defaultGenerated, ...written?.generated };
}
