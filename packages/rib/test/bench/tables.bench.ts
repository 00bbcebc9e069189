// Attribute interning, and inserting, finding and removing prefixes, each beside a floor that walks the
// same octets or numbers and does nothing with them.

import { AttributeStore, Ipv4PrefixTable, PrefixTable, RouteColumn } from '@peerloom/rib';
import {
  best,
  blockStream,
  heading,
  ipv4Unicast,
  ipv6Unicast,
  line,
  octets,
  type Stream,
} from './measure.ts';

function sumOf({ bytes }: Stream): number {
  let sum = 1;
  for (let at = 0; at < bytes.length; at += 1) sum += bytes[at]!;
  return sum;
}

function internAll(store: AttributeStore, { bytes, ends }: Stream): number {
  let sum = 0;
  let start = 0;
  for (const end of ends) {
    sum += store.intern(bytes, start, end, 0);
    start = end;
  }
  return sum;
}

for (const count of [5000, 250_000]) {
  const stream = blockStream(count);
  const length = stream.bytes.length / count;
  heading(`${count} attribute blocks of ${length.toFixed(0)} octets on average`);
  const floor = best(count, () => sumOf(stream));
  line('floor (adding up the octets)', floor, floor);
  line(
    'intern, new',
    best(count, () => internAll(new AttributeStore(), stream)),
    floor,
  );
  const store = new AttributeStore();
  internAll(store, stream);
  line(
    'intern, known',
    best(count, () => internAll(store, stream)),
    floor,
  );
  octets('memory a block, beside its own octets', store.statistics.bytes / count - length);
}

/** /24s in an order that is none. */
const addresses = (count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, index) => (Math.imul(index, 0x9e3779b1) >>> 8) * 256);

function filled(list: Uint32Array): Ipv4PrefixTable {
  const table = new Ipv4PrefixTable(ipv4Unicast);
  for (const address of list) table.retain(table.intern(address, 24));
  return table;
}

for (const count of [20_000, 1_000_000]) {
  const list = addresses(count);
  heading(`${count} IPv4 prefixes`);
  const floor = best(count, () => list.reduce((sum, address) => sum + address, 1));
  line('floor (adding up the addresses)', floor, floor);
  line(
    'insert',
    best(count, () => filled(list).count),
    floor,
  );
  const table = filled(list);
  const find = (): number => {
    let sum = 0;
    for (const address of list) sum += table.find(address, 24);
    return sum;
  };
  line('find', best(count, find), floor);
  const removeAll = (): number => {
    const full = filled(list);
    for (const address of list) full.release(full.find(address, 24));
    return full.count + 1;
  };
  line('insert, find and remove', best(count, removeAll, 5), floor);
  octets('memory a prefix', table.byteLength / count);
  const column = new RouteColumn();
  const setAll = (): number => {
    for (let key = 1; key <= count; key += 1) column.set(key, key);
    return column.size;
  };
  line('column: set', best(count, setAll), floor);
  octets('memory a route in a column', column.byteLength / count);
}

{
  const count = 200_000;
  const field = new Uint8Array(count * 7);
  for (let index = 0; index < count; index += 1) {
    const word = Math.imul(index, 0x9e3779b1);
    field.set([48, 0x2a, 0, word >>> 24, word >>> 16, word >>> 8, word], index * 7);
  }
  heading(`${count} IPv6 prefixes, from NLRI`);
  const floor = best(count, () => sumOf({ bytes: field, ends: new Uint32Array(0) }));
  line('floor (adding up the octets)', floor, floor);
  let table = new PrefixTable(ipv6Unicast, false);
  const insert = (): number => {
    table = new PrefixTable(ipv6Unicast, false);
    table.begin(field, 0, field.length);
    for (let key = table.internNext(); key !== 0; key = table.internNext()) table.retain(key);
    return table.count;
  };
  line('insert', best(count, insert), floor);
  octets('memory a prefix', table.byteLength / count);
}
