import { NoticeCode } from '@peerloom/ipc';
import { encodeOpen } from '@peerloom/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PeerHandler } from '../src/index.ts';
import { log } from './handlers/misbehaving.ts';
import { ScriptedPeer } from './scriptedPeer.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { TestHost } from './testHost.ts';

const moduleUrl = (name: string): string => new URL(`./handlers/${name}.ts`, import.meta.url).href;

let host: TestHost;
beforeEach(() => {
  host = new TestHost(new SimulatedClock());
  log.length = 0;
});

describe('a handler module', () => {
  it('is called for each thing that happens to a peer, in order', async () => {
    await host.host.setHandler(moduleUrl('misbehaving'));
    const peer = new ScriptedPeer(host).establish();
    peer.announce('10.0.0.0/8');
    peer.close();
    expect(log).toEqual([
      'open 192.0.2.2 65002',
      'up 1 AS 65002',
      'update 1 10.0.0.0/8',
      'down 1 TcpConnectionFails',
    ]);
  });

  it('that throws loses that session, and no other', async () => {
    await host.host.setHandler(moduleUrl('misbehaving'));
    const unlucky = new ScriptedPeer(host, 1).establish();
    const lucky = new ScriptedPeer(host, 2).establish();
    unlucky.announce('10.66.0.0/16');
    lucky.announce('10.1.0.0/16');
    expect(host.sentNotification(unlucky.connection)).toMatchObject({ code: 6, subcode: 8 });
    expect(host.snapshot(1)).toMatchObject({ session: undefined, handlerErrors: 1 });
    expect(host.notices(NoticeCode.handlerError, 1)[0]?.text).toContain('I do not like');
    expect(host.snapshot(2)).toMatchObject({ state: 'Established', handlerErrors: 0 });
    expect(lucky.prefixes).toEqual(['10.1.0.0/16']);
  });

  it('may end a session with a NOTIFICATION of its own', async () => {
    await host.host.setHandler(moduleUrl('misbehaving'));
    const peer = new ScriptedPeer(host).establish();
    peer.announce('10.67.0.0/16');
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 6, subcode: 5 });
    expect(host.snapshot(1).session).toBeUndefined();
    expect(log.at(-1)).toMatch(/^down 1 Cease\/Connection Rejected/);
  });

  it('may refuse an OPEN', async () => {
    await host.host.setHandler(moduleUrl('misbehaving'));
    const peer = new ScriptedPeer(host).establish();
    peer.close();
    host.clock.advance(1000);
    peer.connection = host.accept(1);
    peer.send(encodeOpen({ ...peer.open(), holdTime: 77 }));
    expect(host.sentNotification(peer.connection)).toMatchObject({ code: 2, subcode: 6 });
  });

  it('that cannot be used is refused with the reason, and the one before stays', async () => {
    await host.host.setHandler(moduleUrl('misbehaving'));
    const before = host.host.handler;
    const wrong: [name: string, why: RegExp][] = [
      ['missing', /cannot be loaded/],
      ['notAHandler', /has a onUpdate that is no function/],
      ['empty', /has none of the callbacks/],
    ];
    for (const [name, why] of wrong) {
      await expect(host.host.setHandler(moduleUrl(name))).rejects.toThrow(why);
      await expect(host.host.setHandler(moduleUrl(name))).rejects.toMatchObject({
        code: 'ERR_PEERLOOM_HANDLER',
      });
    }
    expect(host.host.handler).toBe(before);
  });

  it('that is slow shows as a metric, and lets timers run between its calls', () => {
    const clock = new SimulatedClock();
    host = new TestHost(clock);
    const slow: PeerHandler = { onUpdate: () => clock.pass(500) };
    const busy = new ScriptedPeer(host, 1).establish();
    const quiet = new ScriptedPeer(host, 2).establish();
    host.host.handler = slow;
    const sentBefore = host.snapshot(2).sent.keepalive;
    for (let index = 0; index < 200; index++) {
      busy.queue({ nlri: [{ kind: 'prefix', prefix: `10.${index}.0.0/16` }] });
    }
    const began = clock.now();
    host.flush();
    // 200 calls of half a second: the quiet peer's KEEPALIVEs, one each 30 s, went out meanwhile.
    expect(clock.now() - began).toBeGreaterThan(99_000);
    expect(host.snapshot(2).sent.keepalive - sentBefore).toBeGreaterThanOrEqual(3);
    expect(host.snapshot(1).handlerSlowest).toBeGreaterThanOrEqual(500);
    expect(host.host.usage().handlerSlowest).toBeGreaterThanOrEqual(500);
    expect(quiet.connection).toBeGreaterThan(0);
  });
});
