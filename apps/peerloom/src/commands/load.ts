import { type Command, Option } from 'commander';
import { addLoadCompare } from './loadCompare.ts';
import { addLoadReport } from './loadReport.ts';

/** `load`: simulated speakers against any BGP speaker, and what it made of them. */
export function addLoad(program: Command): void {
  const load = program
    .command('load')
    .enablePositionalOptions()
    .option('-c, --config <file>', 'scenario, YAML or JSON')
    .option('--target <address:port>', 'the device under test; port 179 when not given')
    .option('--remote-as <as>', "the device's AS number (default: what its OPEN says)")
    .option('--local-as <as>', "the sources' AS number (default: 65001)")
    .option('--peers <number>', 'speakers that announce routes (default: 1)')
    .option('--sinks <number>', 'speakers that receive routes, in an AS of their own (default: 0)')
    .option('--sink-as <as>', "the sinks' AS number (default: the sources' plus 1000)")
    .option(
      '--source-address <address>',
      "the first source's address; the others have the next ones",
    )
    .option('--sink-address <address>', "the first sink's address")
    .option('--prefixes <number>', 'IPv4 prefixes of each source (default: 100)')
    .option('--ipv6-prefixes <number>', 'IPv6 prefixes of each source (default: 0)')
    .addOption(
      new Option('--distribution <kind>', 'prefixes that the sources have in common').choices([
        'same',
        'overlapping',
        'disjoint',
      ]),
    )
    .option('--mrt <file>', 'announce the routes of an MRT table file instead')
    .option('--replay <file>', 'announce the updates of an MRT file, in their own timing')
    .option('--speed <factor>', 'replay so many times as quick')
    .option('--phases <list>', 'such as establish,announce,steady=10,churn=30,withdraw')
    .option('--rate <number>', 'UPDATEs a second while announcing and under churn')
    .option('--concurrency <number>', 'sessions that are on their way at a time (default: 200)')
    .option('--hold-time <seconds>', 'hold time that the speakers propose (default: 90)')
    .option('--listen <port>', 'the device connects to the speakers, there, and not they to it')
    .option('--password <text>', 'TCP MD5 key of every session')
    .option('--reflector', 'the device reflects routes between internal speakers (RFC 4456)')
    .option('--route-server', 'the device leaves AS_PATH and NEXT_HOP as they are (RFC 7947)')
    .option('--dut-pid <pid>', "the device's process, for its CPU and memory, children included")
    .option(
      '--threshold <condition>',
      "such as 'established.p99<2s'; may be repeated",
      (condition: string, before: readonly string[]) => [...before, condition],
      [],
    )
    .option('--seed <number>', 'of the route generator (default: 1)')
    .option('--workers <number>', 'threads for the speakers (default: cores less one)')
    .option(
      '--json [file]',
      'write the complete result, to standard output without a file, or with -',
      (file: string) => file === '-' || file,
    )
    .option('--html <file>', 'write a page with plots')
    .option('--quiet', 'no progress')
    .option('--check', 'only check the scenario')
    .description('load a BGP speaker with simulated ones, and measure what it does')
    .addHelpText('after', help)
    .action(async () => {
      // Loaded only now: the other commands start without the tester's weight.
      const { loadCommand } = await import('../load/loadCommand.ts');
      await loadCommand(load.opts());
    });
  addLoadReport(load);
  addLoadCompare(load);
}

const help = `
The phases, each once or more often: establish, announce, steady[=SECONDS], churn[=SECONDS], flap[=SESSIONS],
withdraw, restore. Everything else is in a scenario file. Beside it can stand --target, --dut-pid, --seed and
--workers, which win over it, --threshold, which adds to it, and --json, --html, --quiet and --check.

Exit status: 0 pass, 1 failed (sessions, oracle or thresholds), 2 wrong use or scenario, 3 the target
cannot be reached, 130 interrupted, with the results so far written.

Example:
  peerloom load --target 127.0.0.1:1790 --local-as 65001 --peers 1000 --prefixes 100`;
