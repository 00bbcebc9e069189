import { type Command, Option } from 'commander';

/** `mrt show FILE`: what route collectors have recorded. Needs no engine. */
export function addMrt(program: Command): void {
  const mrt = program.command('mrt').description('MRT files (RFC 6396)');
  const show = mrt
    .command('show')
    .argument('<file>', 'an MRT table or update file: plain, gzip or bzip2; - for standard input')
    .addOption(
      new Option('--format <format>', 'bgpdump: one line a route, as bgpdump -m prints it')
        .choices(['bgpdump', 'json'])
        .default('bgpdump'),
    )
    .option('--json', 'print one JSON value a record')
    .description('routes and updates of an MRT file, one a line')
    .action(async (file: string) => {
      const { format, json } = show.opts<{ format: 'bgpdump' | 'json'; json?: boolean }>();
      const { showMrtFile } = await import('../mrt/showMrtFile.ts');
      await showMrtFile(file, json === true ? 'json' : format);
    });
}
