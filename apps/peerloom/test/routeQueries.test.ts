import type { Engine, RouteEntry } from '@peerloom/supervisor';
import { expect, it } from 'vitest';
import { findRoutes } from '../src/daemon/routeQueries.ts';

const routeTo = (prefix: string): RouteEntry => ({
  family: 'ipv4-unicast',
  prefix,
  attributes: new Uint8Array(0),
  fourOctetAs: true,
  stale: false,
});

/** An engine whose neighbors answer each question as they are told here; `asked` has the questions. */
function engineOf(answers: Record<string, readonly string[]>): {
  readonly engine: Engine;
  readonly asked: unknown[];
} {
  const asked: unknown[] = [];
  const peers = Object.entries(answers).map(([address, prefixes]) => ({
    address,
    async *routes(query: object) {
      asked.push({ address, ...query });
      for (const prefix of prefixes) yield routeTo(prefix);
    },
  }));
  return { engine: { peers } as unknown as Engine, asked };
}

async function found(engine: Engine, prefix: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { neighbor, routes } of findRoutes(engine, { direction: 'received', prefix })) {
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
  });
});

it('what is neither prefix nor address is wrong use', async () => {
  const { engine, asked } = engineOf({ '192.0.2.1': [] });
  await expect(found(engine, '10.1.2')).rejects.toThrow('10.1.2 is no prefix such as');
  expect(asked).toEqual([]);
});
