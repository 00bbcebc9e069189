/** What a measure counts in. */
export type Unit = 's' | 'count' | '1/s' | 'bytes' | 'share';

/** One figure of a run. */
export interface Measure {
  readonly value: number;
  readonly unit: Unit;
}

/** All figures of a run by name, such as `established.p99`. */
export type Measures = Readonly<Record<string, Measure>>;

/** What there is to measure: the names that thresholds can be put on, and what each of them means. */
export const measureNames: Readonly<Record<string, string>> = {
  connect: 'from the dial to the TCP connection, each session',
  open: "from the dial to the device's OPEN, each session",
  established: 'from the dial to Established, each session',
  'establish.duration': 'until the last session is Established',
  'establish.rate': 'session set-up rate',
  'sessions.wanted': 'speakers',
  'sessions.established': 'sessions that are up at the end',
  'sessions.lost': 'sessions that ended without the tester having ended them',
  'sessions.failed': 'attempts that did not become a session',
  'announce.written': 'until TCP has taken the last UPDATE',
  'announce.duration': 'until everything is where it belongs, or the device is quiet',
  'announce.rate': 'routes a second until then, of all sources',
  'announce.first': 'until the first route is at the slowest sink',
  'announce.half': 'until half of the routes are at the slowest sink',
  'announce.most': 'until 99 % of the routes are at the slowest sink',
  'announce.all': 'until all routes are at the slowest sink',
  'announce.latency': 'pass-through latency while the table is announced, each prefix at each sink',
  'announce.paths': 'paths that all sinks with ADD-PATH then hold together',
  'churn.latency': 'pass-through latency under churn, from the intended send time',
  'churn.rate': 'UPDATEs a second that were sent',
  lateness: 'how late the tester sent what was due (open loop)',
  'withdraw.written': 'until TCP has taken the last withdrawal',
  'withdraw.duration':
    'withdraw convergence: until nothing is left at any sink, or the device is quiet',
  'restore.written': 'as announce.written, the second time',
  'restore.duration': 'as announce.duration, the second time',
  'restore.rate': 'as announce.rate, the second time',
  'restore.first': 'as announce.first, the second time',
  'restore.half': 'as announce.half, the second time',
  'restore.most': 'as announce.most, the second time',
  'restore.all': 'as announce.all, the second time',
  'restore.latency': 'as announce.latency, the second time',
  'restore.paths': 'as announce.paths, the second time',
  'flap.established': 'from the dial to Established, sessions that were dropped',
  'flap.duration': 'until sessions and routes are back, the longest flap',
  'sources.unfit': 'sources whose sessions do not allow what they should announce',
  'oracle.missing': 'routes that a sink should hold and does not, at the worst check',
  'oracle.extra': 'routes that a sink holds and should not, at the worst check',
  'oracle.wrong': 'routes with other attributes than they were sent with, at the worst check',
  'notifications.sent': 'NOTIFICATIONs that the speakers sent, Ceases that were asked for left out',
  'notifications.received': 'NOTIFICATIONs that the device sent',
  'messages.sent': 'BGP messages',
  'messages.received': 'BGP messages',
  'bytes.sent': 'octets',
  'bytes.received': 'octets',
  'device.cpu': 'CPU seconds of the device and its children, user and system',
  'device.rss': 'resident memory of the device and its children, the most that was seen',
  'device.rssEnd': 'the same at the end',
  'tester.cpu': 'CPU seconds of this process',
  'tester.rss': 'resident memory of this process, the most that was seen',
  'other.cpu': 'CPU seconds of everything else on the machine',
};

/** Distributions have these under their name: `connect.p99`. */
export const distributionParts: readonly string[] = ['p50', 'p90', 'p99', 'p99.9', 'max', 'count'];

/** Those of `measureNames` that are distributions. */
export const distributionNames: readonly string[] = [
  'connect',
  'open',
  'established',
  'announce.latency',
  'churn.latency',
  'lateness',
  'flap.established',
  'restore.latency',
];

/** Whether a run may have a measure of this name. */
export function isMeasureName(name: string): boolean {
  const at = distributionNames.find((one) => name.startsWith(`${one}.`));
  if (at !== undefined && distributionParts.includes(name.slice(at.length + 1))) return true;
  return name in measureNames && !distributionNames.includes(name);
}

/** A measure as people read it: `1.83 s`, `12.4 ms`, `48.2 MB`, `1,000`. */
export function measureText({ value, unit }: Measure): string {
  switch (unit) {
    case 's':
      return secondsText(value);
    case 'bytes':
      return bytesText(value);
    case 'share':
      return `${(value * 100).toFixed(1)} %`;
    case '1/s':
      return `${numberText(value)}/s`;
    default:
      return numberText(value);
  }
}

function secondsText(seconds: number): string {
  if (seconds >= 100) return `${seconds.toFixed(0)} s`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (seconds >= 0.001) return `${(seconds * 1000).toFixed(seconds >= 0.1 ? 0 : 1)} ms`;
  return `${(seconds * 1e6).toFixed(0)} µs`;
}

function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

function numberText(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
