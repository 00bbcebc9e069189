import { dirname, resolve } from 'node:path';
import type { Scenario } from '@peerloom/load';
import { ConfigurationError } from '../configuration/configurationError.ts';
import { readDocument } from '../configuration/document.ts';
import { issuesOf, problemAt } from '../configuration/problems.ts';
import { readText } from '../configuration/read.ts';
import { completeScenario, scenarioSchema } from './scenarioSchema.ts';

/**
 * The scenario in a YAML or JSON file, paths in it taken from the file's directory. Throws a
 * `CommandError` where the file cannot be read, or a `ConfigurationError` with everything that is wrong
 * with it; both mean exit status 2.
 */
export function readScenario(file: string): Scenario {
  return parseScenario(readText(file), file);
}

/** As `readScenario`, of a text. `file`: for the errors, and for paths in it. */
export function parseScenario(text: string, file: string): Scenario {
  const document = readDocument(text, file);
  const parsed = scenarioSchema.safeParse(document.value ?? {});
  if (!parsed.success) {
    throw new ConfigurationError(
      file,
      issuesOf(parsed.error).map((issue) => problemAt(document, issue)),
    );
  }
  const scenario = completeScenario(parsed.data, file);
  const { routes } = scenario;
  if (routes === undefined || routes.kind === 'generated') return scenario;
  const fromHere = (path: string): string => resolve(dirname(file), path);
  return {
    ...scenario,
    routes:
      routes.kind === 'rawUpdates'
        ? { ...routes, files: routes.files.map(fromHere) }
        : { ...routes, file: fromHere(routes.file) },
  };
}
