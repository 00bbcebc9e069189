import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, it, vi } from 'vitest';
import { describeInterop, speakers } from './availability.ts';
import { meet, theirAs } from './meeting.ts';
import { acrossSession, announceable, comparable, sampleRoutes } from './routes.ts';
import { signal, until } from './speakers/process.ts';
import type { Speaker } from './speakers/speaker.ts';

// Real daemons take the seconds they take; every wait in here ends by a condition or says what it waited for.
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 6 });

for (const speaker of speakers) {
  describeInterop(speaker.name, speaker.programs, speaker.debianPackage, () => {
    openings(speaker);
    exchange(speaker);
    endings(speaker);
    refusals(speaker);
  });
}

function openings(speaker: Speaker): void {
  it('establishes when we dial', async () => {
    await using meeting = await meet(speaker, { theyArePassive: true });
    await meeting.established();
    const { connections } = await meeting.snapshot();
    expect(connections.map((connection) => connection.dialled)).toEqual([true]);
  });

  it('establishes when it dials', async () => {
    await using meeting = await meet(speaker, { weArePassive: true });
    await meeting.established();
    const { connections } = await meeting.snapshot();
    expect(connections.map((connection) => connection.dialled)).toEqual([false]);
  });

  it('establishes one session when both dial at once', async () => {
    await using meeting = await meet(speaker);
    await meeting.established();
    // A connection that lost is closed by then, or will be: what stays is one, Established and steady.
    const settled = await meeting.reaches(
      'has one connection left',
      (peer) => peer.state === 'Established' && peer.connections.length === 1,
    );
    const { established } = settled;
    await delay(1500);
    const later = await meeting.snapshot();
    expect(later.state).toBe('Established');
    expect(later.established).toBe(established);
  });
}

function exchange(speaker: Speaker): void {
  it('carries IPv4 and IPv6 routes both ways, with the attributes that the other side prints', async () => {
    const ours = sampleRoutes('ours');
    const theirs = announceable(sampleRoutes('theirs'), speaker);
    await using meeting = await meet(speaker, { ourRoutes: ours, theirRoutes: theirs });
    await meeting.established();

    const own = new Set(theirs.map((route) => route.prefix));
    const received = await until('their routes are here', async () => {
      const routes = await meeting.receivedRoutes();
      // Some speakers send us our own routes back; those are not what is compared.
      const fromThem = routes.filter((route) => own.has(route.prefix));
      return fromThem.length >= theirs.length && fromThem;
    });
    expect(comparable(received)).toEqual(comparable(acrossSession(theirs, 'them')));

    const printed = await until(
      'our routes are there',
      async () => {
        const routes = await meeting.speaker.receivedRoutes();
        return routes.length >= ours.length && routes;
      },
      () => meeting.speaker.log(),
    );
    expect(comparable(printed)).toEqual(comparable(acrossSession(ours, 'us')));
  });

  it('takes a withdrawal and a change while the session is up', async () => {
    const [first, second] = sampleRoutes('ours');
    await using meeting = await meet(speaker, { ourRoutes: [first!, second!] });
    await meeting.established();
    await until(
      'both routes are there',
      async () => (await meeting.speaker.receivedRoutes()).length === 2,
    );
    const changed = { ...second!, communities: ['65001:999'] };
    await meeting.peer.withdraw({ prefix: first!.prefix });
    await meeting.peer.announce(changed);
    const expected = comparable(acrossSession([changed], 'us'));
    let last: unknown;
    await until(
      'one is gone and the other changed',
      async () => {
        last = comparable(await meeting.speaker.receivedRoutes());
        return isDeepStrictEqual(last, expected);
      },
      () => `${JSON.stringify(last)}\n${JSON.stringify(expected)}`,
    );
  });
}

function endings(speaker: Speaker): void {
  it('ends when the hold time runs out, and comes back', async () => {
    await using meeting = await meet(speaker, { holdTime: 3 });
    await meeting.established();
    const frozen = meeting.speaker.pids();
    for (const pid of frozen) signal(pid, 'SIGSTOP');
    const down = await meeting.reaches('is down', (peer) => peer.flaps > 0);
    expect(down.lastErrorSent).toMatchObject({ code: 4 });
    for (const pid of frozen) signal(pid, 'SIGCONT');
    await meeting.established();
  });

  it('says so when the far side shuts the session down', async () => {
    await using meeting = await meet(speaker);
    await meeting.established();
    await meeting.speaker.shutdown('maintenance');
    const down = await meeting.reaches('is down', (peer) => peer.flaps > 0);
    expect(down.lastErrorReceived).toMatchObject({ code: 6 });
  });

  it('shuts the session down and brings it back', async () => {
    await using meeting = await meet(speaker);
    await meeting.established();
    await meeting.peer.shutdown('back in a minute');
    await until('the far side has let go', async () => !(await meeting.speaker.established()));
    expect(await meeting.snapshot()).toMatchObject({
      state: 'Idle',
      shutdown: true,
      lastErrorSent: { code: 6, subcode: 2 },
    });
    await meeting.peer.noShutdown();
    await meeting.established();
  });
}

function refusals(speaker: Speaker): void {
  it('refuses a wrong AS and says which', async () => {
    await using meeting = await meet(speaker, { theyArePassive: true, expectedAs: theirAs + 1 });
    const stuck = await meeting.reaches(
      'knows why',
      (peer) => peer.stuckReason?.code === 'wrong-as',
    );
    expect(stuck.state).not.toBe('Established');
    expect(stuck.lastErrorSent).toMatchObject({ code: 2, subcode: 2 });
    expect(stuck.stuckReason?.text).toContain(String(theirAs));
  });

  it.runIf(speaker.supports.passwordWhenDialled)('signs with TCP MD5, dialling', async () => {
    const password = 'correct horse';
    await using meeting = await meet(speaker, {
      theyArePassive: true,
      ourPassword: password.replace(' ', '-'),
      theirPassword: password.replace(' ', '-'),
    });
    await meeting.established();
  });

  it.runIf(speaker.supports.password)('signs with TCP MD5, dialled', async () => {
    await using meeting = await meet(speaker, {
      weArePassive: true,
      ourPassword: 'battery-staple',
      theirPassword: 'battery-staple',
    });
    await meeting.established();
  });

  it.runIf(speaker.supports.password)('does not come up with a wrong MD5 password', async () => {
    await using meeting = await meet(speaker, {
      theyArePassive: true,
      ourPassword: 'one',
      theirPassword: 'another',
      neighbor: { connectRetryTime: 2 },
    });
    const stuck = await meeting.reaches('knows why', (peer) => peer.stuckReason !== undefined);
    expect(stuck.stuckReason?.code).toBe('md5');
    expect(stuck.established).toBe(0);
    expect(await meeting.speaker.established()).toBe(false);
  });

  it.runIf(speaker.supports.ttlSecurity)('establishes under GTSM', async () => {
    await using meeting = await meet(speaker, { ttlSecurity: true });
    await meeting.established();
  });
}
