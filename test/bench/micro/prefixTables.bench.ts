import { Ipv4PrefixTable, PrefixTable, RouteColumn, type RouteKeyTable } from '@peerloom/rib';
import { besideFloor, sized } from './besideFloor.ts';
import { ipv6Unicast, sumOctets } from './updateStream.ts';

for (const count of [sized(20_000), sized(1_000_000)]) {
  besideFloor(`a table of ${count.toLocaleString('en')} IPv4 prefixes`, () => {
    // /24s in an order that is none.
    const addresses = Uint32Array.from(
      { length: count },
      (_, index) => (Math.imul(index, 0x9e3779b1) >>> 8) * 256,
    );
    // As they come: the length, and the three octets that are not zero.
    const octets = new Uint8Array(count * 4);
    const words = new DataView(octets.buffer);
    addresses.forEach((address, index) => words.setUint32(index * 4, (24 << 24) | (address >>> 8)));
    const filled = (): Ipv4PrefixTable => internAll(new Ipv4PrefixTable(), octets);
    const full = filled();
    let emptied = filled();
    const column = new RouteColumn();
    return {
      unit: 'prefix',
      count,
      floorName: 'adding up the octets',
      floor: () => sumOctets(octets),
      parts: [
        { name: 'insert', run: () => filled().count, below: 400 },
        {
          name: 'look up',
          run: () => {
            let sum = 0;
            for (const address of addresses) sum += full.find(address, 24);
            return sum;
          },
          below: 300,
        },
        {
          name: 'look up and delete',
          before: () => {
            emptied = filled();
          },
          run: () => {
            for (const address of addresses) emptied.release(emptied.find(address, 24));
            return emptied.count === 0 ? 1 : 0;
          },
          below: 450,
        },
        {
          name: "a peer's route to each: set",
          run: () => {
            for (let key = 1; key <= count; key += 1) column.set(key, key);
            return column.size;
          },
          below: 8,
        },
      ],
    };
  });
}

besideFloor('a table of IPv6 prefixes, from NLRI', () => {
  const count = sized(200_000);
  const field = new Uint8Array(count * 7);
  for (let index = 0; index < count; index += 1) {
    const word = Math.imul(index, 0x9e3779b1);
    field.set([48, 0x2a, 0, word >>> 24, word >>> 16, word >>> 8, word], index * 7);
  }
  return {
    unit: 'prefix',
    count,
    floorName: 'adding up the octets',
    floor: () => sumOctets(field),
    parts: [
      {
        name: 'insert',
        run: () => internAll(new PrefixTable(ipv6Unicast, false), field).count,
        below: 350,
      },
    ],
  };
});

/** The same table, with a route under each prefix of the field. */
function internAll<Table extends RouteKeyTable>(table: Table, field: Uint8Array): Table {
  table.begin(field, 0, field.length, 'reach');
  for (let key = table.internNext(); key !== 0; key = table.internNext()) table.retain(key);
  return table;
}
