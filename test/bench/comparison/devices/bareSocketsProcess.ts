// No BGP speaker: accepts whoever connects and gives everybody the same OPEN and KEEPALIVE, once something has come
// in. The command line has the address and the port, our AS and the hold time. It says how many it has answered.

import { createServer } from 'node:net';
import { encodeKeepalive, encodeOpen } from '@peerloom/wire';

const [address, port, localAs, holdTime] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
];
const answer = Buffer.concat([
  encodeOpen({
    kind: 'open',
    version: 4,
    myAs: Number(localAs),
    holdTime: Number(holdTime),
    bgpIdentifier: '10.0.0.1',
    capabilities: [
      { type: 'multiprotocol', afi: 1, safi: 1 },
      { type: 'fourOctetAs', as: Number(localAs) },
    ],
  }),
  encodeKeepalive(),
]);
let answered = 0;
let said = -1;
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => {
    answered += 1;
    socket.write(answer);
  });
  socket.resume();
});
server.listen({ host: address, port: Number(port), backlog: 4096 }, () => {
  setInterval(() => {
    if (answered !== said) console.log(`answered: ${answered}`);
    said = answered;
  }, 200);
});
