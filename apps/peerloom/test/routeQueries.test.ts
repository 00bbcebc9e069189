import type { Engine, RouteEntry } from '@peerloom/supervisor';
import { expect, it } from 'vitest';
import type { RoutesRequest } from '../src/control/methods.ts';
import { findRoutes } from '../src/daemon/routeQueries.ts';

const routeTo = (prefix: string): RouteEntry => ({
  family: 'ipv4-unicast',
  prefix,
  attributes: new Uint8Array(0),
  fourOctetAs: true,
  stale: false,
});

/** An engine whose neighbors answer each question as they are told here; `asked` has the questions. */
function engineOf(answers: Record<string, readonly string[] | 'no worker'>): {
  readonly engine: Engine;
  readonly asked: unknown[];
} {
  const asked: unknown[] = [];
  const peers = Object.entries(answers).map(([address, prefixes]) => ({
    address,
    async *routePages(query: object) {
      asked.push({ address, ...query });
      if (prefixes === 'no worker') {
        throw Object.assign(new Error('its worker is away'), { code: 'ERR_PEERLOOM_WORKER' });
      }
      yield prefixes.map(routeTo);
    },
  }));
  const peer = (address: string): object | undefined =>
    peers.find((each) => each.address === address);
  return { engine: { peers, peer } as unknown as Engine, asked };
}

async function found(engine: Engine, prefix?: string, address?: string): Promise<string[]> {
  const lines: string[] = [];
  const request: RoutesRequest = {
    direction: 'received',
    ...(prefix !== undefined && { prefix }),
    ...(address !== undefined && { address }),
  };
  for await (const { neighbor, routes } of findRoutes(engine, request)) {
    lines.push(...routes.map((route) => `${route.prefix} from ${neighbor}`));
  }
  return lines;
}

it('an address asks each neighbor once, and the longest of their longest matches counts', async () => {
  const { engine, asked } = engineOf({
    '192.0.2.1': ['10.0.0.0/8'],
    '192.0.2.2': ['10.1.0.0/16', '10.1.0.0/16'],
    '192.0.2.3': [],
    '192.0.2.4': ['0.0.0.0/0'],
    '192.0.2.5': ['10.1.0.0/16'],
  });
  expect(await found(engine, '10.1.2.3')).toEqual([
    '10.1.0.0/16 from 192.0.2.2',
    '10.1.0.0/16 from 192.0.2.2',
    '10.1.0.0/16 from 192.0.2.5',
  ]);
  expect(asked).toHaveLength(5);
  expect(asked[0]).toEqual({
    address: '192.0.2.1',
    direction: 'received',
    prefix: '10.1.2.3',
    longer: false,
    limit: 500,
  });
});

it('what is neither prefix nor address is wrong use', async () => {
  const { engine, asked } = engineOf({ '192.0.2.1': [] });
  await expect(found(engine, '10.1.2')).rejects.toThrow('10.1.2 is no prefix such as');
  expect(asked).toEqual([]);
});

it('a neighbor whose worker is away keeps nobody from seeing the routes of the others', async () => {
  const { engine } = engineOf({ '192.0.2.1': 'no worker', '192.0.2.2': ['10.0.0.0/8'] });
  expect(await found(engine)).toEqual(['10.0.0.0/8 from 192.0.2.2']);
  expect(await found(engine, '10.1.2.3')).toEqual(['10.0.0.0/8 from 192.0.2.2']);
  await expect(found(engine, undefined, '192.0.2.1')).rejects.toThrow('its worker is away');
});
