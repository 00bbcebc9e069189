import { encodeKeepalive, encodeOpen } from '@peerloom/wire';

const [address, port, localAs, holdTime] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
];

/** What the command line says: where a server without BGP listens. */
export const listening = { host: address, port: Number(port), backlog: 4096 };

/** What it says to everybody. */
export const open: Uint8Array = encodeOpen({
  kind: 'open',
  version: 4,
  myAs: Number(localAs),
  holdTime: Number(holdTime),
  bgpIdentifier: '10.0.0.1',
  capabilities: [
    { type: 'multiprotocol', afi: 1, safi: 1 },
    { type: 'fourOctetAs', as: Number(localAs) },
  ],
});
export const keepalive: Uint8Array = encodeKeepalive();

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
