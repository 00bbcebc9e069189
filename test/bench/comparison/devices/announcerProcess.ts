// A program as a user of the engine writes it: announces a table of the generator's to whoever connects.
// The command line has the options of the engine, and how many prefixes there are to be. It says when it is
// ready, and the CPU seconds that announcing took.

import { createEngine, type EngineOptions } from '@peerloom/supervisor';
import { generatedAnnouncements } from './generatedAnnouncements.ts';

const [options, prefixes, firstAs] = process.argv.slice(2) as [string, string, string];
const engine = await createEngine(JSON.parse(options) as EngineOptions);
const table = generatedAnnouncements(Number(prefixes), Number(firstAs));
const before = process.cpuUsage();
const { rejected, errors } = await engine.announce(table);
if (rejected > 0) throw new Error(errors.join('; '));
const { user, system } = process.cpuUsage(before);
console.log(`ready: ${(user + system) / 1e6} s`);
process.once('SIGTERM', () => void engine.close());
