import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '@peerloom/supervisor';
import { expect, it } from 'vitest';
import { describeInterop } from './availability.ts';
import { sampleRoutes } from './routes.ts';
import { run, SpeakerProcess, signal, until } from './speakers/process.ts';

const tshark = '/usr/bin/tshark';

describeInterop('A capture of our session', [tshark], 'tshark', () => {
  it('decodes without a malformed packet', { timeout: 120_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'peerloom-capture-'));
    const file = join(directory, 'session.pcap');
    const address = `127.63.${process.pid % 250}.1`;
    const families = ['ipv4-unicast', 'ipv6-unicast', 'ipv4-flowspec', 'ipv4-vpn'];
    const settings = {
      families,
      capabilities: {
        gracefulRestart: { families: ['ipv4-unicast'] },
        longLivedGracefulRestart: { staleTime: 600 },
        addPath: { 'ipv6-unicast': 'both' },
        extendedNextHop: ['ipv4-unicast'],
        fqdn: { hostname: 'one', domain: 'example.net' },
        softwareVersion: 'Peerloom',
      },
    } as const;
    const listener = await createEngine({
      routerId: '192.0.2.1',
      localAs: 4_200_000_001,
      workers: 0,
      listen: [{ address, port: 0 }],
      ranges: [{ prefix: '127.0.0.0/8', remoteAs: 'external', ...settings }],
    });
    const { port } = listener.addresses[0]!;
    const probe = createSocket('udp4').bind(0, address);
    await once(probe, 'listening');
    const probePort = probe.address().port;
    const capture = new SpeakerProcess(tshark, [
      '-i',
      'lo',
      '-w',
      file,
      '-f',
      `host ${address} and (tcp port ${port} or udp port ${probePort})`,
    ]);
    try {
      await until(
        'the capture has begun',
        async () => {
          // It says so before it does: what shows is a packet in the file.
          probe.send('here', probePort, address);
          return capture.log().includes('Capturing on') && (await decoded('-Y', 'udp')) !== '';
        },
        () => capture.log(),
        60_000,
      );
      const dialler = await createEngine({ routerId: '192.0.2.2', localAs: 65_002, workers: 0 });
      const peer = await dialler.addPeer({ address, port, remoteAs: 4_200_000_001, ...settings });
      await peer.announce(...sampleRoutes('ours'), {
        prefix: 'dst 198.51.100.0/24 && proto =6 && dport >=1024&<=2048',
        family: 'ipv4-flowspec',
        extendedCommunities: ['traffic-rate:0:0'],
      });
      await until('the session is up', async () => (await peer.snapshot()).state === 'Established');
      await until('all has been sent', async () =>
        Object.values((await peer.snapshot()).prefixes).every((family) => family.pending === 0),
      );
      peer.clear({ soft: 'both' });
      await until(
        'the refresh is answered',
        async () => (await peer.snapshot()).received.routeRefresh > 0,
      );
      await peer.withdraw({ prefix: sampleRoutes('ours')[0]!.prefix });
      await dialler.close({ text: 'done' });
      await until(
        'the NOTIFICATION is in the capture',
        async () => (await decoded('-Y', 'bgp.type == 3')).includes('NOTIFICATION'),
        () => capture.log(),
        // tshark writes when it likes, and a look takes seconds of a busy machine.
        60_000,
      );
    } finally {
      signal(capture.pid, 'SIGINT');
      await capture.stop();
      probe.close();
      await listener.close();
    }

    async function decoded(...words: string[]): Promise<string> {
      return run(tshark, '-r', file, '-d', `tcp.port==${port},bgp`, ...words);
    }
    try {
      const types = new Set(
        (await decoded('-T', 'fields', '-e', 'bgp.type')).split(/[\s,]+/).filter(Boolean),
      );
      expect([...types].toSorted((a, b) => Number(a) - Number(b))).toEqual([
        '1',
        '2',
        '3',
        '4',
        '5',
      ]);
      expect(await decoded('-Y', '_ws.malformed')).toBe('');
      expect(await decoded('-Y', 'bgp && _ws.expert.severity == "Error"')).toBe('');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
