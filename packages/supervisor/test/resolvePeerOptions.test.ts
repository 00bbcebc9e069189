import { peerOptionDefaults } from '@peerloom/ipc';
import { resolvePeerOptions } from '@peerloom/supervisor';
import { describe, expect, it } from 'vitest';
import { resolveRangeOptions } from '../src/resolvePeerOptions.ts';

const engine = {
  routerId: '192.0.2.1',
  localAs: 65001,
  defaults: { holdTime: 30, remoteAs: 'external', capabilities: { extendedMessage: false } },
  groups: {
    slow: {
      holdTime: 300,
      port: 1790,
      maximumPrefixes: { limit: 10, warningPercent: 50 },
      capabilities: { gracefulRestart: { restartTime: 60 } },
    },
    none: { capabilities: { gracefulRestart: false } },
  },
} as const;

describe("a peer's options", () => {
  it('are the defaults where nobody says anything', () => {
    const { routerId, localAs } = engine;
    const options = resolvePeerOptions(
      { routerId, localAs },
      { address: '192.0.2.2', remoteAs: 65002 },
    );
    expect(options).toEqual({
      ...peerOptionDefaults,
      address: '192.0.2.2',
      routerId,
      localAs,
      remoteAs: 65002,
    });
  });

  it("are its own, else its group's, else the engine's", () => {
    const options = resolvePeerOptions(engine, { address: '192.0.2.2', group: 'slow', port: 179 });
    expect(options).toMatchObject({ holdTime: 300, port: 179, remoteAs: 'external' });
    expect(resolvePeerOptions(engine, { address: '192.0.2.2' }).holdTime).toBe(30);
  });

  it('merge capabilities and maximum prefixes member by member', () => {
    const options = resolvePeerOptions(engine, {
      address: '192.0.2.2',
      group: 'slow',
      maximumPrefixes: 20,
      capabilities: { role: 'peer', gracefulRestart: { notification: false } },
    });
    expect(options.capabilities).toMatchObject({
      extendedMessage: false,
      routeRefresh: true,
      role: 'peer',
      gracefulRestart: { restartTime: 60, notification: false, staleTime: 360 },
    });
    expect(options.maximumPrefixes).toEqual({ limit: 20, warningPercent: 50, action: 'shutdown' });
  });

  it('switch graceful restart off and on again', () => {
    const off = resolvePeerOptions(engine, { address: '192.0.2.2', group: 'none' });
    expect(off.capabilities.gracefulRestart).toBe(false);
    const on = resolvePeerOptions(engine, {
      address: '192.0.2.2',
      group: 'none',
      capabilities: { gracefulRestart: true },
    });
    expect(on.capabilities.gracefulRestart).toEqual(
      peerOptionDefaults.capabilities.gracefulRestart,
    );
  });

  it('do not let undefined cover what another layer says', () => {
    const neighbor = { address: '192.0.2.2', group: 'slow', holdTime: undefined } as never;
    expect(resolvePeerOptions(engine, neighbor).holdTime).toBe(300);
  });

  it('have canonical addresses', () => {
    const options = resolvePeerOptions(engine, {
      address: '2001:DB8:0::2',
      sourceAddress: '::FFFF:192.0.2.9',
    });
    expect(options).toMatchObject({ address: '2001:db8::2', sourceAddress: '192.0.2.9' });
  });

  it('of a range are passive and dynamic', () => {
    const range = { prefix: '10.0.0.0/8', limit: 5, group: 'slow', description: 'lab' };
    expect(resolveRangeOptions(engine, range)).toMatchObject({
      address: '10.0.0.0',
      dynamic: true,
      passive: true,
      holdTime: 300,
      description: 'lab',
    });
    expect(resolveRangeOptions(engine, range)).not.toHaveProperty('prefix');
    expect(resolveRangeOptions(engine, range)).not.toHaveProperty('limit');
  });
});
