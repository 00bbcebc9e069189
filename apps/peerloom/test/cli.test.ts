import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { inProcess, peerloom } from './commandLine.ts';
import { TemporaryDirectory } from './temporary.ts';

// Some of these start a process, which on a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const keepalive = 'ffffffffffffffffffffffffffffffff001304';
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('the command line', () => {
  it('prints its version', async () => {
    expect(await inProcess('--version')).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it.for([
    [['--help'], 'peerloom show ip bgp summary'],
    [['help', 'run'], '--config <file>'],
    [['announce', 'route', '--help'], 'next-hop ADDRESS | self'],
  ] as const)('helps with %j', async ([words, text]) => {
    const { status, stdout } = await inProcess(...words);
    expect(stdout).toContain(text);
    expect(status).toBe(0);
  });

  it.for([
    [['shwo'], 'peerloom: there is no command shwo; did you mean show?'],
    [
      ['show', 'ip', 'bgp', 'sumary'],
      'peerloom: sumary is no prefix and no address, and no command either; see --help',
    ],
    [['show', 'bgp', 'ip'], 'peerloom: show bgp ip is short for more than one command: ipv4, ipv6'],
    [['show', 'tcp'], undefined],
    [['--durations', '5'], "peerloom: unknown option '--durations'"],
    [['--duration', 'long'], 'It must be a number from 0.1 to 2000000.'],
    [['run'], "peerloom: required option '-c, --config <file>' not specified"],
    [
      ['run', '-c', '/nowhere/p.yaml'],
      'peerloom: cannot read /nowhere/p.yaml: there is no such file; check the path given with -c',
    ],
    [
      ['decode', 'ff0'],
      'peerloom: there are 3 hex digits, an odd number: one is missing or too many',
    ],
  ] as const)('says what is wrong with %j, and exits with 2', async ([words, text]) => {
    const { status, stdout, stderr } = await inProcess(...words);
    if (text !== undefined) expect(stderr).toContain(text);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('says how to start an engine where none answers, and exits with 3', async () => {
    using directory = new TemporaryDirectory();
    const socket = directory.file('s');
    const stderr = `peerloom: no engine answers at ${socket}: start one with peerloom run -c peers.yaml, or name the socket of a running one with --socket\n`;
    expect(await inProcess('sh', 'ip', 'b', 's', '--socket', socket)).toEqual({
      status: 3,
      stdout: '',
      stderr,
    });
    const { status } = await peerloom(['show', 'tcp', 'brief'], {
      environment: { PEERLOOM_SOCKET: socket },
    });
    expect(status, 'the environment may name the socket too').toBe(3);
  });

  it('does not start with a wrong configuration: one line for each error, and 2', async () => {
    using directory = new TemporaryDirectory();
    const file = directory.file('peers.yaml');
    writeFileSync(file, 'routerId: 192.0.2.1\nlocalAs: 0\nlisten: [{ address: here }]\n');
    expect(await inProcess('run', '-c', file, '--socket', directory.file('s'))).toEqual({
      status: 2,
      stdout: '',
      stderr: `peerloom: ${file}:2:1: localAs is 0; it must be a whole number from 1 to 4294967295\npeerloom: ${file}:3:12: listen[0].address is "here"; it must be an IPv4 or IPv6 address\n`,
    });
  });

  it('checks a configuration without starting', async () => {
    using directory = new TemporaryDirectory();
    const file = directory.file('peers.yaml');
    writeFileSync(file, 'routerId: 192.0.2.1\nlocalAs: 1\n');
    expect(await inProcess('run', '--check', '-c', file)).toEqual({
      status: 0,
      stdout: `${file} is right: 0 neighbors, 0 ranges, 0 routes\n`,
      stderr: '',
    });
  });

  it('says who has the port that it should listen on, and exits with 1', async () => {
    using directory = new TemporaryDirectory();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const file = directory.file('peers.yaml');
    writeFileSync(
      file,
      `routerId: 192.0.2.1\nlocalAs: 1\nlisten: [{ address: 127.0.0.1, port: ${port} }]\n`,
    );
    const { status, stderr } = await peerloom(['run', '-c', file, '--socket', directory.file('s')]);
    other.close();
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}: another process listens there`);
    expect(status).toBe(1);
  });

  it('says so when its output has no room, and exits with 1', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(
      process.execPath,
      ['--conditions=peerloom-source', main, 'decode', keepalive],
      { stdio: ['ignore', full, 'pipe'] },
    );
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += String(chunk);
    });
    const [status] = await once(child, 'close');
    closeSync(full);
    expect(stderr).toBe(
      'peerloom: cannot write the output: ENOSPC: no space left on device, write: make room, or write to another place\n',
    );
    expect(status).toBe(1);
  });
});

describe('decode', () => {
  it('reads several messages, as hex digits with anything usual between them', async () => {
    const { status, stdout } = await inProcess(
      'decode',
      `0x${keepalive}`,
      keepalive.replaceAll(/../g, '$&:'),
    );
    expect(stdout).toBe('KEEPALIVE\n\nKEEPALIVE\n');
    expect(status).toBe(0);
  });

  it.for([
    ['hex digits', `${keepalive}\n${keepalive}\n`],
    ['octets', Buffer.from(keepalive + keepalive, 'hex')],
  ] as const)('reads %s from standard input', async ([, input]) => {
    const { stdout } = await peerloom(['decode', '--json'], { input });
    expect(JSON.parse(stdout)).toEqual([
      { offset: 0, length: 19, message: { kind: 'keepalive' }, faults: [] },
      { offset: 19, length: 19, message: { kind: 'keepalive' }, faults: [] },
    ]);
  });

  it('says what RFC 7606 makes of a malformed UPDATE, and exits with 1', async () => {
    // ORIGIN 7, AS_PATH 65001, NEXT_HOP 192.0.2.1, 198.51.100.0/24.
    const attributes = ['40010107', '40020602010000fde9', '400304c0000201'].join('');
    const body = `0000${(attributes.length / 2).toString(16).padStart(4, '0')}${attributes}18c63364`;
    const length = (19 + body.length / 2).toString(16).padStart(4, '0');
    const update = `${'ff'.repeat(16)}${length}02${body}`;
    const { status, stdout, stderr } = await inProcess('decode', '--json', update);
    const [{ message, faults }] = JSON.parse(stdout) as [{ message: unknown; faults: unknown[] }];
    expect(message).toMatchObject({ withdrawn: [{ prefix: '198.51.100.0/24' }], nlri: [] });
    expect(faults).toMatchObject([{ action: 'treatAsWithdraw', code: 3, subcode: 6 }]);
    expect(stderr).toBe('peerloom: the message is malformed or incomplete\n');
    expect(status).toBe(1);

    const text = await inProcess('decode', update);
    expect(text.stdout).toMatch(/MALFORMED: .*ORIGIN.*RFC 7606 §7\.1.*treat as withdraw/);
  });

  it('takes AS numbers of 2 octets, and path identifiers, when told', async () => {
    const attributes = ['40010100', '4002040201fde9', '400304c0000201'].join('');
    const body = `0000${(attributes.length / 2).toString(16).padStart(4, '0')}${attributes}0000000718c63364`;
    const length = (19 + body.length / 2).toString(16).padStart(4, '0');
    const { status, stdout } = await inProcess(
      'decode',
      '--two-octet-as',
      '--add-path',
      `${'ff'.repeat(16)}${length}02${body}`,
    );
    expect(stdout).toContain('65001');
    expect(stdout).toContain('198.51.100.0/24 path-id 7');
    expect(status).toBe(0);
  });

  it('says so when there is nothing to decode', async () => {
    const { status, stderr } = await peerloom(['decode']);
    expect(stderr).toContain('peerloom: there is nothing to decode: give hex digits');
    expect(status).toBe(2);
  });

  it('says what is wrong with a header', async () => {
    const { status, stdout } = await inProcess('decode', `00${keepalive.slice(2)}`);
    expect(stdout).toContain('Connection Not Synchronized');
    expect(status).toBe(1);
  });
});
