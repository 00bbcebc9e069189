// A neighbour that floods, in a process of its own: comes up, and sends UPDATEs as fast as TCP takes them, always
// the same prefixes and never with the attributes that they had before. What it is sent it reads and forgets.
//
//   node floodProcess.ts TARGET PORT OWN-ADDRESS AS

import { connect } from 'node:net';
import { baseSessionOptions, encodeUpdate, familyKey } from '@peerloom/wire';
import { encodeHello } from '../../hello.ts';

const [host, port, localAddress, as] = process.argv.slice(2) as [string, string, string, string];
const options = { ...baseSessionOptions, fourOctetAs: true, families: new Set([familyKey(1, 1)]) };
const nlri = Array.from({ length: 64 }, (_, index) => ({
  kind: 'prefix' as const,
  prefix: `198.18.${index}.0/24`,
}));
const burst = Buffer.concat(
  Array.from({ length: 200 }, (_, tag) =>
    encodeUpdate(
      {
        kind: 'update',
        withdrawn: [],
        nlri,
        attributes: [
          { type: 'origin', origin: 'igp' },
          { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [Number(as)] }] },
          { type: 'nextHop', nextHop: '192.0.2.1' },
          { type: 'multiExitDiscriminator', value: tag },
        ],
      },
      options,
    ),
  ).flat(),
);

const socket = connect({ host, port: Number(port), localAddress, noDelay: true });
socket.resume();
socket.on('error', (error) => console.error(error.message));
socket.once('close', () => process.exit(1));
process.once('disconnect', () => process.exit(0));
socket.write(encodeHello(Number(as), 90, localAddress));
// Its OPEN and KEEPALIVE are there: the session is up, or will be when what we send is read.
socket.once('data', pump);

function pump(): void {
  while (socket.write(burst));
  socket.once('drain', pump);
}
