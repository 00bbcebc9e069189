import {
  copyAttributeBlock,
  decodeUpdate,
  longestBlock,
  splitUpdate,
  UpdateView,
  validateAttributes,
  validateNlriFields,
} from '@peerloom/wire';
import { besideFloor, sized } from './besideFloor.ts';
import {
  ipv4Unicast,
  ipv6Unicast,
  type Stream,
  sessionOptions,
  updateStream,
} from './updateStream.ts';

const view = new UpdateView();
const block = new Uint8Array(4096);

for (const [name, family] of [
  ['IPv4 UPDATEs', ipv4Unicast],
  ['IPv6 UPDATEs (MP_REACH_NLRI)', ipv6Unicast],
] as const) {
  besideFloor(`decoding ${name}`, () => {
    const stream = updateStream(sized(20_000), family);
    const { bytes, ends } = stream;
    const routes = family === ipv4Unicast ? 'nlri' : 'mpReach';
    return {
      unit: 'UPDATE',
      count: ends.length,
      floorName: 'walking attribute headers and prefix lengths',
      floor: () => walk(stream),
      parts: [
        {
          name: 'splitUpdate',
          run: () => {
            let sum = 0;
            let start = 0;
            for (const end of ends) {
              if (splitUpdate(view, bytes, start, end) !== undefined) throw faulty();
              sum += view.seen;
              start = end;
            }
            return sum;
          },
          below: 25,
        },
        {
          name: 'splitUpdate, and both validations',
          run: () => {
            let start = 0;
            for (const end of ends) {
              if (
                splitUpdate(view, bytes, start, end) !== undefined ||
                validateNlriFields(view, sessionOptions) !== undefined ||
                validateAttributes(view, sessionOptions) !== undefined
              )
                throw faulty();
              start = end;
            }
            return start;
          },
          below: 80,
        },
        {
          name: 'splitUpdate, and the attribute block copied',
          run: () => {
            let sum = 0;
            let start = 0;
            for (const end of ends) {
              if (splitUpdate(view, bytes, start, end) !== undefined) throw faulty();
              sum += longestBlock(view) + copyAttributeBlock(view, routes, block, 0);
              start = end;
            }
            return sum;
          },
          below: 100,
        },
        {
          name: 'decodeUpdate, the readable way',
          run: () => {
            let start = 0;
            for (const end of ends) {
              if (!decodeUpdate(bytes, start, end, sessionOptions).ok) throw faulty();
              start = end;
            }
            return start;
          },
          below: 1000,
        },
      ],
    };
  });
}

/** Attribute headers and prefix lengths, trusted; the sum keeps the walk from being optimized away. */
function walk({ bytes, ends }: Stream): number {
  let sum = 0;
  let at = 0;
  for (const end of ends) {
    at += 21;
    const attributesEnd = at + 2 + (bytes[at]! << 8) + bytes[at + 1]!;
    at += 2;
    while (at < attributesEnd) {
      const isExtended = (bytes[at]! & 0x10) !== 0;
      sum += bytes[at + 1]!;
      at += isExtended ? 4 + (bytes[at + 2]! << 8) + bytes[at + 3]! : 3 + bytes[at + 2]!;
    }
    while (at < end) {
      sum += bytes[at]!;
      at += 1 + ((bytes[at]! + 7) >> 3);
    }
  }
  return sum;
}

function faulty(): Error {
  return new Error('a message of the benchmark has a fault');
}
