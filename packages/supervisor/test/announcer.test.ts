import { setImmediate as turn } from 'node:timers/promises';
import type { RoutePack } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { Announcer } from '../src/announcer.ts';
import type { Core } from '../src/core.ts';
import type { HostLink } from '../src/hostLink.ts';
import type { HostPool } from '../src/hostPool.ts';
import type { PeerRecord } from '../src/peerRecord.ts';

/** What a host is told, in words: of a pack, its last octet. */
type Told = string[];

interface FakeHost {
  readonly link: HostLink;
  readonly told: Told;
  /** It answers nothing from now on. */
  hang(): void;
  /** It is gone, and whoever waits for an answer hears of it. */
  die(): void;
}

function fakeHost(): FakeHost {
  const told: Told = [];
  let [alive, hangs] = [true, false];
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {});
  const tell =
    (action: string) =>
    async (to: number | 'all', { octets, routes }: RoutePack) => {
      told.push(`${action} ${to} ${octets.at(-1)}`);
      return action === 'announce' ? routes : { accepted: routes, rejected: 0, errors: [] };
    };
  const control = { announce: tell('announce'), withdraw: tell('withdraw') };
  const link = {
    get alive() {
      return alive;
    },
    ask: (question: (host: typeof control) => Promise<unknown>) =>
      hangs || !alive ? gone.promise : question(control),
  };
  return {
    link: link as unknown as HostLink,
    told,
    hang() {
      hangs = true;
    },
    die() {
      alive = false;
      gone.reject(new Error('the host is gone'));
    },
  };
}

/** Two hosts, and a peer in each. */
function stage(): {
  readonly announcer: Announcer;
  readonly hosts: [FakeHost, FakeHost];
  readonly peers: readonly [PeerRecord, PeerRecord];
} {
  const hosts: [FakeHost, FakeHost] = [fakeHost(), fakeHost()];
  const pool = {
    get slots() {
      return hosts.map(({ link }) => ({ link: link.alive ? link : undefined }));
    },
  };
  const peers = [{ id: 1 }, { id: 2 }] as unknown as [PeerRecord, PeerRecord];
  const core = { assertThere: () => {} };
  const announcer = new Announcer(
    core as unknown as Core,
    pool as unknown as HostPool,
    ({ id }) => pool.slots[id - 1]!.link,
  );
  return { announcer, hosts, peers };
}

/** Turns of the event loop, until `count` has been the same for many of them. */
async function standsStill(count: () => number): Promise<number> {
  let last = -1;
  for (let same = 0; same < 200; same += 1) {
    if (count() !== last) same = 0;
    last = count();
    await turn();
  }
  return last;
}

describe('a host that hangs while it is told what is kept', () => {
  it('has those wait who announce more than there is room for, and nothing is lost', async () => {
    const { announcer, hosts, peers } = stage();
    const [first, other] = peers;
    await announcer.announce(first, [{ prefix: '10.0.0.0/24' }]);
    hosts[0].hang();
    const telling = announcer.tellOwn(hosts[0].link, 1);
    telling.catch(() => {});

    const calls = 5000;
    const expected: Told = [];
    const announcing = (async () => {
      for (let call = 0; call < calls; call += 1) {
        const prefix = `192.0.2.${call % 8}/32`;
        const withdraws = call % 16 >= 12;
        expected.push(`${withdraws ? 'withdraw' : 'announce'} 2 ${call % 8}`);
        if (withdraws) await announcer.withdraw(other, [{ prefix }]);
        else await announcer.announce(other, [{ prefix }]);
      }
    })();
    const held = await standsStill(() => hosts[1].told.length);
    expect(held).toBeLessThan(2500);
    expect(held).toBeGreaterThan(1024);

    hosts[0].die();
    await expect(telling).rejects.toThrow('gone');
    await announcing;
    expect(hosts[1].told).toEqual(expected);
    // Hosts that come in their place are told the state that all of that has led to.
    const toldAnew = async (peer: number): Promise<Told> => {
      const next = fakeHost();
      await announcer.tellOwn(next.link, peer);
      return next.told;
    };
    await expect.poll(() => toldAnew(2)).toHaveLength(1);
    expect(await toldAnew(1)).toEqual(['announce 1 0']);
  });
});
