import type { Command } from 'commander';

/** `load compare A B`: two runs, or two lots of them, side by side. */
export function addLoadCompare(load: Command): void {
  const compare = load
    .command('compare')
    .argument('<a>', 'results of the one side, separated by commas')
    .argument('<b>', 'results of the other side, separated by commas')
    .option('--json', 'print JSON')
    .option('--html <file>', 'write a page with the ranges of both sides')
    .description('compare measures of two runs, or of two lots of runs, by their medians')
    .addHelpText(
      'after',
      `
With four results or more a side, differences that chance may have made are marked as such.

Example:
  peerloom load compare before1.json,before2.json,before3.json,before4.json \\
    after1.json,after2.json,after3.json,after4.json`,
    )
    .action(async (a: string, b: string) => {
      const { compareCommand } = await import('../load/compareCommand.ts');
      const { json = false, html } = compare.opts<{ json?: boolean; html?: string }>();
      await compareCommand(a.split(','), b.split(','), { json, html });
    });
}
