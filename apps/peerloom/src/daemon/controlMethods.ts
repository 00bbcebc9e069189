import type { Engine, EngineEvent } from '@peerloom/supervisor';
import * as z from 'zod';
import { pathText } from '../configuration/document.ts';
import { issuesOf } from '../configuration/problems.ts';
import { routeSchema, withdrawalSchema } from '../configuration/route.ts';
import { mapping } from '../configuration/structures.ts';
import { flag, oneOf, scalar, text } from '../configuration/values.ts';
import type { ControlMethods, Done, SpeakerInfo } from '../control/methods.ts';
import { toPlain } from '../control/richJson.ts';
import type { ControlHandler } from '../control/server.ts';
import { CommandError, usageError } from '../exitCode.ts';
import { announce, withdraw } from './announcing.ts';
import type { EventLog } from './eventLog.ts';
import { clearPeers, peerAt, peersAt, shutdownPeer, startPeer } from './peerCommands.ts';
import { findRoutes } from './routeQueries.ts';
import { connections, neighborDetails, summaryRows } from './views.ts';

/** What the commands of a control socket work on. */
export interface Controlled {
  readonly engine: Engine;
  readonly events: EventLog<EngineEvent>;
  /** Reads the configuration file again; absent where there is none. */
  readonly reload?: () => Promise<Done>;
}

/** A method: what its parameters must be, and what it does with them. */
interface Method<Parameters> {
  readonly schema: z.ZodType<Parameters>;
  readonly run: (
    parameters: Parameters,
    signal: AbortSignal,
  ) => Promise<unknown> | AsyncIterable<unknown>;
}

const anyText = scalar('a text', (input) => (typeof input === 'string' ? input : undefined));
const nothing = z.unknown();
const oneNeighbor = mapping({ address: text });

/** What a control socket answers for an engine. */
export function controlHandler(controlled: Controlled): ControlHandler {
  const { engine, events } = controlled;
  const methods: { readonly [M in keyof ControlMethods]: Method<never> } = {
    speaker: method(nothing, async (): Promise<SpeakerInfo> => {
      const { routerId, localAs } = engine.options;
      return { routerId, localAs };
    }),
    metrics: method(nothing, () => engine.metrics()),
    summary: method(nothing, () => summaryRows(engine)),
    neighbors: method(mapping({ address: text.exactOptional() }), ({ address = '*' }) =>
      neighborDetails(engine, peersAt(engine, address)),
    ),
    tcp: method(nothing, () => connections(engine)),
    routes: method(
      mapping({
        direction: oneOf('received', 'advertised'),
        address: text.exactOptional(),
        family: text.exactOptional(),
        prefix: text.exactOptional(),
        longer: flag.exactOptional(),
      }),
      (request) => findRoutes(engine, request),
    ),
    events: method(mapping({ follow: flag.exactOptional() }), ({ follow = false }, signal) =>
      events.read(follow, signal),
    ),
    recorder: method(oneNeighbor, async ({ address }) =>
      toPlain(await peerAt(engine, address).flightRecording()),
    ),
    shutdown: method(mapping({ address: text, text: anyText }), (given) =>
      shutdownPeer(engine, given.address, given.text),
    ),
    start: method(oneNeighbor, ({ address }) => startPeer(engine, address)),
    clear: method(
      mapping({ address: text, soft: oneOf('in', 'out', 'both').exactOptional() }),
      async ({ address, soft }) => clearPeers(engine, address, soft),
    ),
    announce: method(mapping({ route: z.unknown(), to: text.exactOptional() }), ({ route, to }) =>
      announce(engine, checked(routeSchema, route), nameOf(route), to),
    ),
    withdraw: method(
      mapping({ route: z.unknown(), from: text.exactOptional() }),
      ({ route, from }) => withdraw(engine, checked(withdrawalSchema, route), nameOf(route), from),
    ),
    reload: method(nothing, () => {
      if (controlled.reload !== undefined) return controlled.reload();
      throw usageError(
        'this engine was started without a configuration file: nothing to read again',
      );
    }),
  };
  return (name, parameters, signal) => {
    const known = Object.hasOwn(methods, name) ? methods[name as keyof ControlMethods] : undefined;
    if (known === undefined) {
      throw new CommandError('ERR_PEERLOOM_METHOD', `this engine knows no method ${name}`);
    }
    return known.run(checked(known.schema, parameters ?? {}), signal);
  };
}

function method<Parameters>(
  schema: z.ZodType<Parameters>,
  run: Method<Parameters>['run'],
): Method<never> {
  return { schema, run } as unknown as Method<never>;
}

/** The value if it is right. Throws a usage error that has everything that is wrong with it. */
function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw usageError(
    issuesOf(error)
      .map(({ path, message }) => `${pathText(path)} ${message}`)
      .join('\n'),
  );
}

/** What a route is called in an answer. */
function nameOf(route: unknown): string {
  const { prefix, nlri } = route as { readonly prefix?: string; readonly nlri?: string };
  return prefix ?? nlri ?? 'the route';
}
