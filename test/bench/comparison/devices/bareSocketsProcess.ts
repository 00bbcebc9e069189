// No BGP speaker: accepts whoever connects and gives everybody the same OPEN and KEEPALIVE, once something has come
// in. For the command line see `bareAnswer.ts`. It says how many it has answered.

import { createServer } from 'node:net';
import { countAnswered, keepalive, listening, open, tellAnswered } from './bareAnswer.ts';

const answer = Buffer.concat([open, keepalive]);
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => {
    countAnswered();
    socket.write(answer);
  });
  socket.resume();
});
server.listen(listening, tellAnswered);
