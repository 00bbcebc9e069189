import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { CommandError, usageError } from '../exitCode.ts';
import { writeJson, writeLines } from '../output.ts';

/** `decode`: BGP messages in words. Needs no engine. */
export function addDecode(program: Command): void {
  const decode = program
    .command('decode')
    .argument(
      '[hex...]',
      'messages as hex digits, one after the other; standard input when not given',
    )
    .option('--json', 'print JSON')
    .option('--two-octet-as', 'AS_PATH and AGGREGATOR have AS numbers of 2 octets (RFC 6793)')
    .option('--add-path', 'routes carry path identifiers (RFC 7911)')
    .option('--internal', 'judge UPDATEs as from an internal peer instead of an external one')
    .description('BGP messages from hex digits or a binary stream, in words or JSON')
    .addHelpText(
      'after',
      `
Standard input may be hex digits (blanks, colons and 0x are skipped) or the octets themselves.
Exit status 1: a message is malformed or incomplete; what RFC 4271 and RFC 7606 make of it is printed.

Example:
  peerloom decode ffffffffffffffffffffffffffffffff001304`,
    )
    .action(async (words: readonly string[]) => {
      const { json, twoOctetAs, addPath, internal } = decode.optsWithGlobals<{
        json?: boolean;
        twoOctetAs?: boolean;
        addPath?: boolean;
        internal?: boolean;
      }>();
      // Loaded only now: the codec is not needed by most commands.
      const { decodeStream, octetsOf } = await import('../decode/decodeStream.ts');
      const { decodedJson, decodedLines } = await import('../print/decoded.ts');
      const input = words.length > 0 ? Buffer.from(words.join(' ')) : await standardInput();
      const messages = decodeStream(octetsOf(input), {
        fourOctetAs: twoOctetAs !== true,
        addPath: addPath === true,
        peerType: internal === true ? 'internal' : 'external',
      });
      if (messages.length === 0) {
        throw usageError(
          'there is nothing to decode: give hex digits, or messages on standard input',
        );
      }
      if (json === true) await writeJson(messages.map(decodedJson));
      else
        await writeLines(
          messages.flatMap((each, index) => [...(index > 0 ? [''] : []), ...decodedLines(each)]),
        );
      const bad = messages.filter(
        ({ faults, incomplete }) => faults.length > 0 || incomplete === true,
      ).length;
      if (bad > 0) {
        const which =
          messages.length === 1 ? 'the message is' : `${bad} of ${messages.length} messages are`;
        throw new CommandError('ERR_PEERLOOM_MALFORMED', `${which} malformed or incomplete`);
      }
    });
}

async function standardInput(): Promise<Buffer> {
  if (process.stdin.isTTY) {
    throw usageError('there is nothing to decode: give hex digits, or messages on standard input');
  }
  return await buffer(process.stdin);
}
