import { maximumPrefixesDefaults, NoticeCode, peerOptionDefaults } from '@peerloom/ipc';
import { AdjRibIn } from '@peerloom/rib';
import { encodeKeepalive } from '@peerloom/wire';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log } from './handlers/misbehaving.ts';
import { plainSession, routeAttributes, ScriptedPeer, updateBytes } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

let host: TestHost;
beforeEach(() => {
  host = new TestHost(new SimulatedClock());
  log.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The UPDATE that announces one of 65,536 prefixes, 10.0.0.0/24 and so on. */
function route(index: number): Uint8Array {
  const nlri = [{ kind: 'prefix' as const, prefix: `10.${index >>> 8}.${index & 255}.0/24` }];
  return updateBytes({ attributes: routeAttributes, nlri })[0]!;
}

/** The UPDATE that announces 100 prefixes of `first`.0.0.0/8. */
function hundred(first: number): Uint8Array {
  const nlri = Array.from({ length: 100 }, (_, index) => ({
    kind: 'prefix' as const,
    prefix: `${first}.${index}.0.0/16`,
  }));
  return updateBytes({ attributes: routeAttributes, nlri })[0]!;
}

const routes = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => route(index));

/** Messages as one read of a socket brings them. */
function inOneChunk(peer: ScriptedPeer, ...messages: readonly Uint8Array[]): void {
  peer.send(Uint8Array.from(messages.flatMap((message) => [...message])));
}

describe('many UPDATEs in one chunk', () => {
  it('are all applied, and counted as any others', () => {
    const peer = new ScriptedPeer(host).establish();
    const before = host.snapshot(1).received;
    const messages = [...routes(20), encodeKeepalive(), ...routes(30)];
    inOneChunk(peer, ...messages);
    expect(peer.prefixes).toHaveLength(30);
    const after = host.snapshot(1).received;
    expect([after.update - before.update, after.keepalive - before.keepalive]).toEqual([50, 1]);
    const octets = messages.reduce((sum, { length }) => sum + length, 0);
    expect(after.bytes - before.bytes).toBe(octets);
  });

  it('are taken in runs, none of them longer than a slice', () => {
    const peer = new ScriptedPeer(host).establish();
    const one = vi.spyOn(AdjRibIn.prototype, 'receive');
    const many = vi.spyOn(AdjRibIn.prototype, 'receivePlain');
    const messages = routes(4000);
    inOneChunk(peer, ...messages);
    expect(host.snapshot(1).prefixes).toMatchObject({ 'ipv4-unicast': { received: 4000 } });
    expect(one.mock.calls.length).toBeLessThan(10);
    const octets = messages.reduce((sum, { length }) => sum + length, 0);
    const longest = Math.max(...many.mock.calls.map(([, start, end]) => end - start));
    expect(longest).toBeLessThanOrEqual(68 * 1024);
    expect(octets).toBeGreaterThan(2 * 68 * 1024);
    expect(host.snapshot(1).received.update).toBe(4000);
  });

  it('leave other peers their turn', () => {
    const peers = [1, 2].map((peer) => new ScriptedPeer(host, peer).establish());
    const many = vi.spyOn(AdjRibIn.prototype, 'receivePlain');
    const bytes = Uint8Array.from(routes(4000).flatMap((message) => [...message]));
    for (const { peer, connection } of peers) host.writer.data(peer, connection, bytes);
    host.flush();
    const turns = many.mock.contexts.filter((each, index, all) => each !== all[index - 1]);
    expect(turns.length).toBeGreaterThanOrEqual(4);
    expect(peers.map(({ peer }) => host.snapshot(peer).received.update)).toEqual([4000, 4000]);
  });

  it('are no longer than the session has them', () => {
    const capabilities = { ...peerOptionDefaults.capabilities, extendedMessage: false };
    const peer = new ScriptedPeer(host).establish({ capabilities });
    const nlri = Array.from({ length: 1200 }, (_, index) => ({
      kind: 'prefix' as const,
      prefix: `11.${index >>> 8}.${index & 255}.0/24`,
    }));
    const session = { ...plainSession, maximumSendLength: 65_535 };
    const [long] = updateBytes({ attributes: routeAttributes, nlri }, session);
    inOneChunk(peer, ...routes(3), long!);
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 1, subcode: 2 });
    expect(peer.prefixes).toEqual([]);
  });

  it('on a connection that is not the session’s are none of its business', () => {
    const peer = new ScriptedPeer(host).establish();
    inOneChunk(peer, ...routes(3));
    const second = host.accept(1);
    host.receive(1, second, Uint8Array.from(routes(9).flatMap((message) => [...message])));
    expect(peer.prefixes).toHaveLength(3);
    expect(host.snapshot(1).state).toBe('Established');
  });

  it('are life: the hold timer counts from them', () => {
    const peer = new ScriptedPeer(host).establish();
    for (let second = 0; second < 300; second += 60) {
      host.clock.advance(60_000);
      inOneChunk(peer, ...routes(3));
    }
    expect(host.snapshot(1).state).toBe('Established');
    host.clock.advance(91_000);
    expect(host.snapshot(1).state).not.toBe('Established');
  });

  it('are applied up to the one that ends the session', () => {
    const peer = new ScriptedPeer(host).establish();
    inOneChunk(peer, ...routes(5), route(5).with(18, 9), ...routes(9));
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 1, subcode: 3 });
    expect(host.snapshot(1).received.update).toBe(5);
  });

  it('are all shown to a handler', async () => {
    const url = new URL('./handlers/misbehaving.ts', import.meta.url).href;
    await host.host.setHandler(url);
    const peer = new ScriptedPeer(host).establish();
    inOneChunk(peer, ...routes(4));
    expect(log.filter((line) => line.startsWith('update'))).toEqual(
      [0, 1, 2, 3].map((index) => `update 1 10.0.${index}.0/24`),
    );
  });

  it('are all shown to those who subscribe', () => {
    const peer = new ScriptedPeer(host).establish();
    host.host.subscribeUpdates(1, true);
    inOneChunk(peer, ...routes(4));
    expect(host.updates.map(({ bytes }) => bytes)).toEqual(routes(4));
    host.host.subscribeUpdates(1, false);
    inOneChunk(peer, ...routes(4));
    expect(host.updates).toHaveLength(4);
  });

  it('may have many prefixes each: the first message with one too many ends the session', () => {
    const maximumPrefixes = { ...maximumPrefixesDefaults, limit: 1000 };
    const peer = new ScriptedPeer(host).establish({ maximumPrefixes });
    inOneChunk(peer, ...Array.from({ length: 20 }, (_, index) => hundred(11 + index)));
    expect(host.notices(NoticeCode.maximumPrefixes)[0]?.text).toContain('1100 ipv4-unicast');
    expect(host.snapshot(1).received.update).toBe(11);
  });

  it.for([
    [10, 11],
    [5000, 5001],
  ])('of which the first too many ends the session: limit %i', ([limit, last]) => {
    const maximumPrefixes = { ...maximumPrefixesDefaults, limit: limit! };
    const peer = new ScriptedPeer(host).establish({ maximumPrefixes });
    inOneChunk(peer, ...routes(limit! + 200));
    expect(host.notices(NoticeCode.maximumPrefixesWarning)).toHaveLength(1);
    const warned = Math.ceil((limit! * maximumPrefixes.warningPercent) / 100);
    expect(host.notices(NoticeCode.maximumPrefixesWarning)[0]?.text).toContain(
      `announced ${warned} of at most ${limit} `,
    );
    expect(host.notices(NoticeCode.maximumPrefixes)[0]?.text).toContain(`${last} ipv4-unicast`);
    expect(host.snapshot(1).received.update).toBe(last);
  });
});
