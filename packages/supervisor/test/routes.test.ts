import type { RouteEntry, RoutesPage } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { pagesOf, routesOf } from '../src/routes.ts';

const routes = (...prefixes: string[]): RouteEntry[] =>
  prefixes.map((prefix) => ({
    family: 'ipv4-unicast',
    prefix,
    attributes: new Uint8Array(0),
    fourOctetAs: true,
    stale: false,
  }));

const pages: Record<string, RoutesPage> = {
  '': { routes: routes('10.0.0.0/8', '10.1.0.0/16'), cursor: 'a' },
  a: { routes: [], cursor: 'b' },
  b: { routes: routes('10.2.0.0/16') },
};

describe('the routes of a query', () => {
  it('are those of all its pages', async () => {
    const found: string[] = [];
    const all = pagesOf({ direction: 'received' }, ({ cursor = '' }) =>
      Promise.resolve(pages[cursor]!),
    );
    for await (const { prefix } of routesOf(all)) found.push(prefix);
    expect(found).toEqual(['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16']);
  });

  it('come from one page while the next is made ready, and no further one', async () => {
    const asked: (string | undefined)[] = [];
    const reader = pagesOf({ direction: 'received' }, ({ cursor }) => {
      asked.push(cursor);
      return Promise.resolve(pages[cursor ?? '']!);
    });
    await reader.next();
    expect(asked).toEqual([undefined, 'a']);
    await reader.return();
    expect(asked).toEqual([undefined, 'a']);
  });

  it('end with what is wrong with a page once those before it are read', async () => {
    const reader = routesOf(
      pagesOf({ direction: 'received' }, ({ cursor }) =>
        cursor === undefined ? Promise.resolve(pages['']!) : Promise.reject(new Error('gone')),
      ),
    );
    expect((await reader.next()).value?.prefix).toBe('10.0.0.0/8');
    expect((await reader.next()).value?.prefix).toBe('10.1.0.0/16');
    await expect(reader.next()).rejects.toThrow('gone');
  });
});
