import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { announceInPacks } from '@peerloom/actor/announcing';
import {
  type Announcement,
  type AnnounceResult,
  checkEngineOptions,
  type EngineOptions,
  type NeighborOptions,
} from '@peerloom/supervisor';
import * as z from 'zod';
import { ConfigurationError } from './configurationError.ts';
import { pathText, readDocument } from './document.ts';
import { type Issue, issuesOf, problemAt } from './problems.ts';
import { routeSchema } from './route.ts';
import { list, mapping, unknownKey } from './structures.ts';
import { nearest } from './suggestion.ts';
import * as scalars from './values.ts';

/** What a configuration file says. */
export interface Configuration {
  /** Everything that is the engine's, complete and checked. */
  readonly engine: EngineOptions;
  /** Path of the control socket, as written. */
  readonly socket: string | undefined;
}

/** The keys of a file that are not options of the engine, or not in the engine's words. */
const ownKeys = z.object({
  control: mapping({ socket: scalars.path.exactOptional() }).exactOptional(),
  announce: list(routeSchema).exactOptional(),
  handler: scalars.path.exactOptional(),
});

/**
 * The configuration in the text of a YAML or JSON file. Throws a `ConfigurationError` that has
 * everything that is wrong with it.
 *
 * @param file path of the file: for the errors, and for paths in it, which start from its directory
 */
export function parseConfiguration(text: string, file: string): Configuration {
  const document = readDocument(text, file);
  const { value } = document;
  if (value === null || value === undefined) {
    throw wholeFile(file, 'the file is empty; the least that it needs is routerId and localAs');
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wholeFile(
      file,
      'the file must be a mapping with routerId, localAs and others (key: value)',
    );
  }

  const { control: _, handler: givenHandler, ...rest } = value as Record<string, unknown>;
  const own = ownKeys.safeParse(value);
  const { announce = [], control } = own.data ?? {};
  // By itself, so that it is looked for whatever else is wrong.
  const handler = scalars.path.safeParse(givenHandler).data;
  const handlerPath = handler === undefined ? undefined : resolve(dirname(file), handler);
  const options = {
    ...rest,
    announce,
    ...(handlerPath !== undefined && { handler: pathToFileURL(handlerPath).href }),
  } as unknown as EngineOptions;

  const issues = own.success ? [] : issuesOf(own.error);
  issues.push(...checkEngineOptions(options).map(knowingOwnKeys));
  if (handlerPath !== undefined && !isFile(handlerPath)) {
    const message = `is ${JSON.stringify(handler)}; it must be the path of a file, and ${handlerPath} is none`;
    issues.push({ path: ['handler'], message });
  }
  issues.push(...unannounceable(announce));
  issues.push(...deafness(options, issues));
  if (issues.length > 0) {
    throw new ConfigurationError(
      file,
      issues.map((issue) => problemAt(document, issue)),
    );
  }
  return { engine: options, socket: control?.socket };
}

/** The engine cannot suggest the keys that are not its own. */
function knowingOwnKeys(issue: Issue): Issue {
  const [key, ...others] = issue.path;
  if (typeof key !== 'string' || others.length > 0 || !issue.message.startsWith('is no option')) {
    return issue;
  }
  const guess = nearest(key, ['control', 'handler']);
  if (guess !== undefined) return { ...issue, message: unknownKey(key, [guess]) };
  return { ...issue, message: issue.message.replace('; there are ', '; there are control, ') };
}

/**
 * Neighbors that are waited for while nothing listens: right in every part, and never up. Nothing is said
 * where `others`, what else is wrong, leaves it open whether they are waited for.
 */
function deafness(options: EngineOptions, others: readonly Issue[]): Issue[] {
  const { listen = [], ranges = [], neighbors = [], groups = {}, defaults } = options;
  const wrong = new Set(others.flatMap(({ path }) => [pathText(path.slice(0, 1)), pathText(path)]));
  if (['listen', 'defaults', 'groups'].some((key) => wrong.has(key)) || listen.length > 0)
    return [];
  const message = 'waits for the neighbor to connect, but nothing listens; add listen at the top';
  const waits = ({ passive, group }: NeighborOptions): boolean =>
    passive ??
    (group === undefined ? undefined : groups[group]?.passive) ??
    defaults?.passive ??
    false;
  const isOpen = (place: string): boolean =>
    ['', '.passive', '.group'].some((key) => wrong.has(place + key));
  return [
    ...elementsOf(ranges).flatMap((_, index) =>
      wrong.has(`ranges[${index}]`) ? [] : [{ path: ['ranges', index], message }],
    ),
    ...elementsOf(neighbors).flatMap((neighbor, index) =>
      !isOpen(`neighbors[${index}]`) && waits(neighbor)
        ? [{ path: ['neighbors', index], message }]
        : [],
    ),
  ];
}

/** None where a list is none. */
function elementsOf<T>(value: readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [];
}

/** Routes that the engine would refuse: it is asked itself, so that a file that is right can be run. */
function unannounceable(announce: readonly Announcement[]): Issue[] {
  // All at once takes a quarter of the time; one by one tells which.
  if (judge(announce).rejected === 0) return [];
  return announce.flatMap((route, index) =>
    judge([route]).errors.map((error) => ({
      path: ['announce', index],
      message: `cannot be announced: ${error}`,
    })),
  );
}

/** What the engine would say to routes. */
function judge(routes: readonly Announcement[]): AnnounceResult {
  return announceInPacks(routes, (pack) => pack.routes);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function wholeFile(file: string, text: string): ConfigurationError {
  return new ConfigurationError(file, [{ line: 1, column: 1, key: '', text }]);
}
