import { gzipSync } from 'node:zlib';
import { encodePeerIndexTable, encodeRib } from '@peerloom/mrt';
import { blockOptions, encodePathAttributes } from '@peerloom/wire';

/** An MRT file for examples that read one: a table of one route, of the first moment of 2026. */
export function exampleDump(): Uint8Array {
  const time = Date.UTC(2026, 0, 1) / 1000;
  const peers = [{ bgpIdentifier: '192.0.2.2', address: '192.0.2.2', as: 65_002 }];
  const attributes = encodePathAttributes(
    [
      { type: 'origin', origin: 'igp' },
      { type: 'asPath', segments: [{ kind: 'sequence', asNumbers: [65_002, 65_010] }] },
      { type: 'nextHop', nextHop: '192.0.2.2' },
    ],
    blockOptions,
  );
  const entries = [{ peerIndex: 0, originatedTime: time, attributes }];
  return gzipSync(
    Buffer.concat([
      encodePeerIndexTable(time, { collectorIdentifier: '192.0.2.1', viewName: '', peers }),
      encodeRib(time, { sequence: 0, prefix: '203.0.113.0/24', entries }),
    ]),
  );
}
