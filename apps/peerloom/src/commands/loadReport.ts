import type { Command } from 'commander';

/** `load report FILE`: a result that `--json` has written, once more. */
export function addLoadReport(load: Command): void {
  const report = load
    .command('report')
    .argument('<file>', 'a result that load --json has written')
    .option('--html <file>', 'write a page with plots')
    .description('print the tables of an earlier run again')
    .action(async (file: string) => {
      const { reportCommand } = await import('../load/reportCommand.ts');
      await reportCommand(file, report.opts<{ html?: string }>().html);
    });
}
