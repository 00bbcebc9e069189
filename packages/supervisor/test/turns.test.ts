import { describe, expect, it } from 'vitest';
import { Turns } from '../src/turns.ts';

const [one, other] = [{}, {}];

/** Calls that end when they are told to, and a list of those that have begun. */
function stage(): {
  readonly call: (scope: object | 'all', name: string) => Promise<string>;
  readonly end: (name: string, error?: Error) => Promise<void>;
  readonly begun: string[];
} {
  const turns = new Turns();
  const begun: string[] = [];
  const calls = new Map<string, PromiseWithResolvers<string>>();
  return {
    begun,
    call: (scope, name) =>
      turns.take(scope, () => {
        begun.push(name);
        const call = Promise.withResolvers<string>();
        calls.set(name, call);
        return call.promise;
      }),
    end: async (name, error) => {
      if (error === undefined) calls.get(name)!.resolve(name);
      else calls.get(name)!.reject(error);
      await new Promise(setImmediate);
    },
  };
}

describe('a call', () => {
  it('begins at once where nothing is before it, and beside what concerns others', () => {
    const { call, begun } = stage();
    void call(one, 'a');
    void call(other, 'b');
    expect(begun).toEqual(['a', 'b']);
  });

  it('waits for those before it of the same scope, in their order', async () => {
    const { call, end, begun } = stage();
    for (const name of ['a', 'b', 'c']) void call(one, name);
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('for all waits for everybody, and everybody waits for it', async () => {
    const { call, end, begun } = stage();
    void call(one, 'a');
    void call(other, 'b');
    void call('all', 'c');
    void call('all', 'd');
    void call(one, 'e');
    void call(other, 'f');
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('c');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    await end('d');
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('tells what came of it, and one that fails holds up nobody', async () => {
    const { call, end } = stage();
    const first = call('all', 'a');
    const second = call(one, 'b');
    const failed = expect(first).rejects.toThrow('no');
    await end('a', new Error('no'));
    await failed;
    await end('b');
    expect(await second).toBe('b');
  });
});
