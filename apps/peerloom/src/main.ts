import { watchOutput } from './output.ts';
import { runProgram } from './program.ts';

watchOutput();
process.exitCode = await runProgram(process.argv.slice(2));
