// Of servers without BGP: where they listen, and what they say. The command line has the address and the port, our AS
// and the hold time.

import { encodeKeepalive, encodeOpen } from '@peerloom/wire';

const [address, port, localAs, holdTime] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
];

/** Where they listen. */
export const listening = { host: address, port: Number(port), backlog: 4096 };

/** What everybody is told, once: an OPEN and a KEEPALIVE. */
export const answer: Uint8Array = Buffer.concat([
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

/** Counts one more who was answered. */
export function countAnswered(): void {
  answered += 1;
}

/** Says from now on how many were answered, whenever there are more. */
export function tellAnswered(): void {
  setInterval(() => {
    if (answered !== said) console.log(`answered: ${answered}`);
    said = answered;
  }, 200);
}
