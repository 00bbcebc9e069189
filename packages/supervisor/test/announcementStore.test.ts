import type { Announcement } from '@peerloom/ipc';
import { describe, expect, it } from 'vitest';
import { AnnouncementStore } from '../src/announcementStore.ts';

const a = { prefix: '10.0.0.0/24' };
const b = { prefix: '10.0.1.0/24', communities: ['65001:1'] };
const attributes = new Uint8Array([0x40, 1, 1, 0]);
/** 10.0.0.0/24, 10.0.1.0/24 and 10.0.2.0/24. */
const table = {
  family: 'ipv4-unicast',
  attributes,
  nlri: new Uint8Array([24, 10, 0, 0, 24, 10, 0, 1, 24, 10, 0, 2]),
};

function storeOf(...announcements: readonly Announcement[]): AnnouncementStore {
  const store = new AnnouncementStore();
  store.announce('all', announcements);
  return store;
}

describe('what is announced to all', () => {
  it('is told again in order', () => {
    expect([...storeOf(b, a).forAll()]).toEqual([b, a]);
  });

  it('is the latest for each route, however the prefix is written', () => {
    const again = { prefix: '10.0.0.7/24', family: 'ipv4-unicast', multiExitDiscriminator: 5 };
    const store = storeOf(a, b, again);
    expect([...store.forAll()]).toEqual([b, again]);
    expect(store.size).toBe(2);
  });

  it('is told apart by family and path', () => {
    const other = { ...a, family: 'ipv4-multicast' };
    const path = { ...a, pathId: 7 };
    const store = storeOf(a, other, path);
    store.withdraw('all', [{ prefix: '10.0.0.0/24', pathId: 7 }]);
    expect([...store.forAll()]).toEqual([a, other]);
  });

  it('keeps an encoded table as it is while all of it counts', () => {
    expect([...storeOf(table).forAll()][0]).toBe(table);
  });

  it('keeps what is left of an encoded table', () => {
    const store = storeOf(table, b);
    store.withdraw('all', [{ prefix: '10.0.2.0/24' }]);
    expect([...store.forAll()]).toEqual([{ ...table, nlri: Buffer.from([24, 10, 0, 0]) }, b]);
    store.withdraw('all', [{ family: 'ipv4-unicast', nlri: new Uint8Array([24, 10, 0, 0]) }]);
    expect([...store.forAll()]).toEqual([b]);
  });

  it('knows a route that is no prefix by its text and by its octets alike', () => {
    const family = 'ipv4-flowspec';
    const text = { prefix: 'dst 198.51.100.0/24 && proto =17', family };
    const encoded = {
      family,
      attributes,
      nlri: new Uint8Array([8, 1, 24, 198, 51, 100, 3, 0x81, 17]),
    };
    const store = storeOf(text, { ...text, prefix: 'nonsense' });
    expect([...store.forAll()]).toEqual([text]);
    store.announce('all', [encoded]);
    expect([...store.forAll()]).toEqual([encoded]);
    store.withdraw('all', [{ prefix: 'destination 198.51.100.0/24 && protocol =17', family }]);
    expect([...store.forAll()]).toEqual([]);
  });

  it('is what it was before where the latest turns out to be refused', () => {
    const store = storeOf(a, table);
    store.announce(7, [b]);
    const wrong = { prefix: '10.0.1.0/24', communities: ['nonsense'] };
    const fresh = { prefix: '10.9.0.0/16' };
    const takeBack = store.announce('all', [wrong, fresh, { ...fresh, prefix: '10.8.0.0/16' }]);
    expect([...store.forPeer(7)]).toEqual([]);
    takeBack([0, 2]);
    expect([...store.forAll()]).toEqual([table, fresh]);
    expect([...store.forPeer(7)]).toEqual([b]);
  });

  it('is not taken back for what has come later', () => {
    const store = storeOf(a);
    const takeBack = store.announce('all', [{ ...a, communities: ['nonsense'] }]);
    const later = { ...a, multiExitDiscriminator: 5 };
    store.announce('all', [later]);
    takeBack([0]);
    expect([...store.forAll()]).toEqual([later]);
  });

  it('leaves out what cannot be read: the actor says what is wrong with it', () => {
    expect([...storeOf({ prefix: 'nonsense' }, { ...table, family: 'nonsense' }).forAll()]).toEqual(
      [],
    );
  });
});

describe('what is announced to one peer', () => {
  it('is told to that peer alone', () => {
    const store = storeOf(a);
    store.announce(7, [b]);
    expect([...store.forAll()]).toEqual([a]);
    expect([...store.forPeer(7)]).toEqual([b]);
    expect([...store.forPeer(8)]).toEqual([]);
  });

  it('is withdrawn from that peer alone', () => {
    const store = storeOf(a);
    store.announce(7, [a, b]);
    store.withdraw(7, [a]);
    expect([...store.forPeer(7)]).toEqual([b]);
    expect([...store.forAll()]).toEqual([a]);
  });

  it('gives way to what is told to all later, and goes with it', () => {
    const store = new AnnouncementStore();
    store.announce(7, [a, b]);
    store.announce('all', [a]);
    expect([...store.forPeer(7)]).toEqual([b]);
    store.withdraw('all', [b]);
    expect([...store.forPeer(7)]).toEqual([]);
  });

  it('is forgotten with the peer', () => {
    const store = new AnnouncementStore();
    store.announce(7, [a]);
    store.forget(7);
    expect([...store.forPeer(7)]).toEqual([]);
  });
});

it('is read while it changes: what has gone meanwhile is not told, nor what has come', () => {
  const store = storeOf(a, b);
  const reading = store.forAll()[Symbol.iterator]();
  expect(reading.next().value).toBe(a);
  store.withdraw('all', [b]);
  store.announce('all', [{ prefix: '10.9.0.0/16' }]);
  expect(reading.next().done).toBe(true);
});
