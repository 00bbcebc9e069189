import { expect, it } from 'vitest';
import { Backoff } from '../src/backoff.ts';
import { CreditWindow } from '../src/creditWindow.ts';

it('a credit window fills once, and opens again at half', () => {
  const window = new CreditWindow(100);
  expect(window.take(99)).toBeUndefined();
  expect(window.take(1)).toBe('full');
  expect(window.full).toBe(true);
  expect(window.take(50)).toBeUndefined();
  expect(window.giveBack(99)).toBe(false);
  expect(window.giveBack(1)).toBe(true);
  expect(window.full).toBe(false);
  expect(window.inFlight).toBe(50);
  expect(window.giveBack(10)).toBe(false);
});

it('a credit window is overfull at twice its size, once, until it opens', () => {
  const window = new CreditWindow(100);
  expect(window.take(150)).toBe('full');
  expect(window.take(50)).toBe('overfull');
  expect(window.take(50)).toBeUndefined();
  expect(window.giveBack(150)).toBe(false);
  expect(window.overfull).toBe(true);
  expect(window.giveBack(50)).toBe(true);
  expect(window).toMatchObject({ full: false, overfull: false });
  expect(new CreditWindow(100).take(200)).toBe('overfull');
});

it('a credit window begins a new epoch whenever the host has caught up', () => {
  const window = new CreditWindow(100);
  window.take(10);
  window.giveBack(5);
  expect(window.epoch).toBe(0);
  window.giveBack(5);
  expect(window.epoch).toBe(1);
  window.take(100);
  window.giveBack(60);
  expect(window.epoch).toBe(2);
});

it('a credit window takes no more back than was given', () => {
  const window = new CreditWindow(100);
  window.take(10);
  window.giveBack(1000);
  expect(window.inFlight).toBe(0);
});

it('waits double from failure to failure up to a bound, and start over when things went well', () => {
  const backoff = new Backoff(100, 1000);
  expect([0, 0, 0, 0, 0, 0].map((stable) => backoff.fail(stable))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect(backoff.fail(1000)).toBe(100);
  expect(backoff.fail(999)).toBe(200);
});
