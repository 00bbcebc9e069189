import { Weighted } from './random.ts';

/**
 * What a table of today's Internet looks like, in round figures as weekly reports on the global table
 * and public collectors show them: mask lengths, AS_PATH lengths without prepending, communities a
 * route, and prefixes that share one set of attributes.
 */
export const ipv4Lengths: Weighted<number> = new Weighted([
  [24, 605],
  [23, 97],
  [22, 108],
  [21, 51],
  [20, 45],
  [19, 25],
  [18, 13],
  [17, 8],
  [16, 13],
  [15, 2],
  [14, 1.2],
  [13, 0.6],
  [12, 0.3],
]);

/** As `ipv4Lengths`. */
export const ipv6Lengths: Weighted<number> = new Weighted([
  [48, 470],
  [32, 105],
  [44, 95],
  [40, 85],
  [36, 45],
  [46, 35],
  [47, 32],
  [29, 32],
  [45, 24],
  [42, 20],
  [33, 18],
  [34, 14],
  [38, 12],
  [28, 4],
  [24, 1],
]);

/** ASes in a path, the neighbour's own included, repetitions counted once. */
export const pathLengths: Weighted<number> = new Weighted([
  [2, 6],
  [3, 24],
  [4, 35],
  [5, 21],
  [6, 9],
  [7, 3.5],
  [8, 1.5],
]);

/** How often the origin stands in its path: traffic engineering by prepending. */
export const repetitions: Weighted<number> = new Weighted([
  [1, 80],
  [2, 9],
  [3, 6],
  [4, 3],
  [6, 2],
]);

/** Communities on a route. */
export const communityCounts: Weighted<number> = new Weighted([
  [0, 26],
  [1, 12],
  [2, 14],
  [3, 12],
  [5, 14],
  [8, 11],
  [12, 7],
  [20, 4],
]);

/** Large communities on a route. */
export const largeCommunityCounts: Weighted<number> = new Weighted([
  [0, 88],
  [1, 5],
  [3, 5],
  [6, 2],
]);

/** Prefixes that come in one UPDATE: a mean of four, so that a million make a quarter of a million. */
export const prefixesPerUpdate: Weighted<number> = new Weighted([
  [1, 52],
  [2, 18],
  [3, 8],
  [4, 5],
  [6, 5],
  [9, 5],
  [14, 4],
  [25, 2],
  [50, 0.7],
  [100, 0.3],
]);
