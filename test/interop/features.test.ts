import type { RouteEntry } from '@peerloom/ipc';
import { blockOptions, decodePathAttributes } from '@peerloom/wire';
import { expect, it, vi } from 'vitest';
import { describeInterop } from './availability.ts';
import { meet, ourAs, theirAs } from './meeting.ts';
import { acrossSession, announceable, comparable, sampleRoutes } from './routes.ts';
import { bird } from './speakers/bird.ts';
import { frr } from './speakers/frr.ts';
import { until } from './speakers/process.ts';

// Real daemons take the seconds they take; every wait in here ends by a condition or says what it waited for.
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 6 });

describeInterop('ADD-PATH with BIRD', bird.programs, bird.debianPackage, () => {
  it('sends two paths to one prefix, and is given path identifiers', async () => {
    const [route] = sampleRoutes('ours');
    const theirs = sampleRoutes('theirs').slice(0, 1);
    await using meeting = await meet(bird, { addPath: 'both', theirRoutes: theirs });
    await meeting.established();
    await meeting.peer.announce(
      { ...route!, pathId: 1 },
      { ...route!, pathId: 2, communities: ['65001:2'] },
    );
    const paths = await until('both paths are there', async () => {
      const routes = await meeting.speaker.receivedRoutes();
      return routes.length === 2 && routes;
    });
    expect(paths.map((path) => path.prefix)).toEqual([route!.prefix, route!.prefix]);
    const counts = paths.map((path) => path.communities.length);
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 2]);
    const received = await until('their path is here', async () => {
      const routes: RouteEntry[] = [];
      for await (const one of meeting.peer.routes({ direction: 'received' })) routes.push(one);
      return routes.length > 0 && routes;
    });
    expect(received[0]!.pathId).toBeTypeOf('number');
  });
});

// GoBGP's soft reset looks at the routes that it has and asks for none, and ExaBGP 4.2 dies of a request.
for (const speaker of [bird, frr]) {
  describeInterop(
    `Route refresh with ${speaker.name}`,
    speaker.programs,
    speaker.debianPackage,
    () => {
      it('answers a request with all routes, and gets all routes for a request of its own', async () => {
        const ours = sampleRoutes('ours');
        const theirs = sampleRoutes('theirs').slice(0, 2);
        await using meeting = await meet(speaker, {
          theyArePassive: true,
          ourRoutes: ours,
          theirRoutes: theirs,
        });
        await meeting.established();
        await until(
          'their routes are here',
          async () => (await meeting.receivedRoutes()).length >= 2,
        );
        await until(
          'ours are there',
          async () => (await meeting.speaker.receivedRoutes()).length >= ours.length,
        );

        const before = await meeting.snapshot();
        let asked = -Infinity;
        await meeting.reaches('has been given the routes again', (peer) => {
          // FRR forgets a request that comes while it is still making its first announcement of all.
          if (performance.now() - asked > 3000) {
            asked = performance.now();
            meeting.peer.clear({ soft: 'in' });
          }
          return (
            peer.sent.routeRefresh > before.sent.routeRefresh &&
            peer.received.update > before.received.update
          );
        });

        const sent = (await meeting.snapshot()).sent.update;
        await meeting.speaker.requestRefresh?.();
        const after = await meeting.reaches(
          'has sent the routes again',
          (peer) =>
            peer.received.routeRefresh > before.received.routeRefresh && peer.sent.update > sent,
        );
        expect(after.state).toBe('Established');
        expect(after.flaps).toBe(0);
        expect((await meeting.speaker.receivedRoutes()).length).toBeGreaterThanOrEqual(ours.length);
      });
    },
  );
}

describeInterop('Extended messages with BIRD', bird.programs, bird.debianPackage, () => {
  it('sends an UPDATE of more than 4,096 octets', async () => {
    const communities = Array.from({ length: 1500 }, (_, n) => `65001:${n + 1}`);
    const [route] = sampleRoutes('ours');
    await using meeting = await meet(bird, { ourRoutes: [{ ...route!, communities }] });
    await meeting.established();
    // BIRD cuts long lists short when it prints them, and is asked about this one instead.
    const question = [
      'bgp_community.len = 1500',
      '(65001,1) ~ bgp_community',
      '(65001,1500) ~ bgp_community',
    ];
    await until('the route is there with all its communities', async () => {
      const words = ['show', 'route', 'protocol', 'peer', 'where', question.join(' && ')];
      return (await meeting.speaker.command!(...words)).includes(route!.prefix);
    });
    expect((await meeting.snapshot()).session?.maximumSendLength).toBe(65_535);
  });
});

describeInterop('Roles with BIRD', bird.programs, bird.debianPackage, () => {
  it('agrees on them, and marks routes to a customer as for its customers only', async () => {
    const ours = sampleRoutes('ours').slice(0, 1);
    await using meeting = await meet(bird, {
      ourRoutes: ours,
      theirRole: 'customer',
      neighbor: { capabilities: { role: 'provider', roleStrict: true } },
    });
    await meeting.established();
    expect((await meeting.snapshot()).session?.remoteRole).toBe('customer');
    const printed = await until('the route is there', async () => {
      const text = await meeting.speaker.command!('show', 'route', 'all', 'protocol', 'peer');
      return text.includes(ours[0]!.prefix) && text;
    });
    expect(printed).toContain(`BGP.otc: ${ourAs}`);
  });

  it('gives a provider nothing that is for customers only', async () => {
    await using meeting = await meet(bird, {
      theirRole: 'provider',
      theirRoutes: sampleRoutes('theirs').slice(0, 1),
      neighbor: { capabilities: { role: 'customer' } },
    });
    await meeting.established();
    const [received] = await until('their route is here', async () => {
      const routes: RouteEntry[] = [];
      for await (const route of meeting.peer.routes({ direction: 'received' })) routes.push(route);
      return routes.length > 0 && routes;
    });
    const attributes = decodePathAttributes(received!.attributes, blockOptions);
    expect(attributes).toContainEqual({ type: 'onlyToCustomer', as: theirAs });

    // As a route leak would be: what one provider has told, to another one.
    const nlri = Uint8Array.of(24, 203, 0, 113);
    const [plain] = sampleRoutes('ours');
    await meeting.peer.announce(
      { family: 'ipv4-unicast', nlri, attributes: received!.attributes },
      plain!,
    );
    const there = await until('our other route is there', async () => {
      const routes = await meeting.speaker.receivedRoutes();
      return routes.length > 0 && routes;
    });
    expect(there.map(({ prefix }) => prefix)).toEqual([plain!.prefix]);
  });
});

describeInterop('Graceful restart with BIRD', bird.programs, bird.debianPackage, () => {
  it('keeps the routes of a speaker that died, until it is back and has sent them again', async () => {
    const theirs = announceable(sampleRoutes('theirs'), bird);
    await using meeting = await meet(bird, { gracefulRestart: true, theirRoutes: theirs });
    await meeting.established();
    const count = async (): Promise<number> => (await meeting.receivedRoutes()).length;
    await until('their routes are here', async () => (await count()) === theirs.length);

    await meeting.restartSpeaker({ args: ['-R'], routes: theirs.slice(1) }, async () => {
      const down = await meeting.reaches('is down', (peer) => peer.flaps === 1);
      expect(await count()).toBe(theirs.length);
      const stale = Object.values(down.prefixes).reduce((sum, family) => sum + family.stale, 0);
      expect(stale).toBe(theirs.length);
    });
    await meeting.established();
    // What it no longer announces is swept once it has said End-of-RIB.
    await until('the stale route is swept', async () => (await count()) === theirs.length - 1);
    const after = await meeting.snapshot();
    expect(Object.values(after.prefixes).every((family) => family.stale === 0)).toBe(true);
    expect(comparable(await meeting.receivedRoutes())).toEqual(
      comparable(acrossSession(theirs.slice(1), 'them')),
    );
  });
});

describeInterop('Flowspec with BIRD', bird.programs, bird.debianPackage, () => {
  it('carries rules both ways', async () => {
    await using meeting = await meet(bird, {
      families: ['ipv4-unicast', 'ipv4-flowspec'],
      extra: `protocol static flows {
        flow4 { table flowtab4; };
        route flow4 { dst 203.0.113.0/24; proto = 17; dport = 53; length > 512; } {
          bgp_ext_community.add((generic, 0x80060000, 0));
        };
      }`,
    });
    await meeting.established();
    const rule = 'dst 198.51.100.0/24 && proto =6 && dport =80|=443';
    await meeting.peer.announce({
      prefix: rule,
      family: 'ipv4-flowspec',
      extendedCommunities: ['traffic-rate:0:0'],
    });
    const received = await until('their rule is here', async () => {
      const routes: RouteEntry[] = [];
      const query = { direction: 'received', family: 'ipv4-flowspec' } as const;
      for await (const route of meeting.peer.routes(query)) routes.push(route);
      return routes.length > 0 && routes;
    });
    expect(received.map((route) => route.prefix)).toEqual([
      'dst 203.0.113.0/24 && proto =17 && dport =53 && length >512',
    ]);
    const printed = await until('our rule is there', async () => {
      const text = await meeting.speaker.command!(
        'show',
        'route',
        'table',
        'flowtab4',
        'protocol',
        'peer',
      );
      return text.includes('flow4') && text;
    });
    expect(printed).toContain('flow4 { dst 198.51.100.0/24; proto 6; dport 80,443; }');
  });
});
