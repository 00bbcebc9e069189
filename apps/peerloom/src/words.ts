import type { Command } from 'commander';
import { nearest } from './configuration/suggestion.ts';
import { usageError } from './exitCode.ts';

/**
 * The words of a command line with every shortened command written out, as on a router: `sh ip b s`
 * is `show ip bgp summary`. Throws a usage error for a word that is the beginning of two commands, or
 * of none where only a command can stand.
 */
export function completeWords(program: Command, words: readonly string[]): string[] {
  const complete: string[] = [];
  let command = program;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word.startsWith('-')) {
      complete.push(word);
      const option = [program, command]
        .flatMap(({ options }) => options)
        .find(({ long, short }) => word === long || word === short);
      // The parser has more to say about it.
      if (option === undefined) return [...complete, ...words.slice(index + 1)];
      // Its value is no command.
      const next = words[index + 1];
      const hasValue = option.required || (option.optional && next?.startsWith('-') === false);
      if (hasValue && next !== undefined) {
        complete.push(next);
        index++;
      }
      continue;
    }
    if (word === 'help') return [...complete, ...words.slice(index)];
    const next = find(command, word);
    if (next === undefined) return [...complete, ...words.slice(index)];
    complete.push(next.name());
    command = next;
  }
  return complete;
}

/** The command that a word stands for; `undefined` where the word is an argument. */
function find(command: Command, word: string): Command | undefined {
  const names = command.commands.map((each) => each.name());
  const exact = command.commands.find((each) => each.name() === word);
  if (exact || names.length === 0) return exact;
  const begun = command.commands.filter((each) => each.name().startsWith(word));
  if (begun.length === 1) return begun[0];
  if (begun.length === 0 && command.registeredArguments.length > 0) return undefined;
  const path = pathOf(command, word);
  if (begun.length > 1) {
    const candidates = begun.map((each) => each.name()).join(', ');
    throw usageError(`${path} is short for more than one command: ${candidates}`);
  }
  const guess = nearest(word, names);
  throw usageError(
    guess === undefined
      ? `there is no command ${path}; there are ${names.join(', ')}`
      : `there is no command ${path}; did you mean ${guess}?`,
  );
}

function pathOf(command: Command, word: string): string {
  const names = [word];
  for (let each: Command | null = command; each?.parent; each = each.parent)
    names.unshift(each.name());
  return names.join(' ');
}
