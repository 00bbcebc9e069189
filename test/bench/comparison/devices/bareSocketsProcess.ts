// No BGP speaker: accepts whoever connects and gives everybody the same answer, once something has come in. It says
// how many it has answered. For the command line see `bareAnswer.ts`.

import { createServer } from 'node:net';
import { answer, countAnswered, listening, tellAnswered } from './bareAnswer.ts';

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => {
    countAnswered();
    socket.write(answer);
  });
  socket.resume();
});
server.listen(listening, tellAnswered);
