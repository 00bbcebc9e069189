import { defaultGroup, type Phase, type Scenario } from '@peerloom/load';

/** What is given to a device. */
export interface Work {
  /** What it is, for people. */
  readonly title: string;
  /** Neighbours that announce. */
  readonly peers: number;
  /** Neighbours that come once the device holds the table, and are sent it; 0: none. */
  readonly sinks: number;
  /** Of each peer; 0: sessions only. */
  readonly prefixes: number;
  readonly distribution: 'same' | 'disjoint';
  /** Seconds. */
  readonly holdTime: number;
  /** Seconds that the sessions are held and watched once all is done. */
  readonly hold: number;
  readonly churn?: { readonly rate: number; readonly seconds: number };
  /** The device has every neighbour in its configuration, one by one, instead of accepting them by a range. */
  readonly listed?: true;
  /** Once all is quiet the sessions end, and come again with what they have: what counts is what that takes. */
  readonly again?: true;
  /** Sessions of ours that only watch when keepalives come. */
  readonly witnesses: number;
  /** One neighbour more floods the device during the churn. */
  readonly flood?: boolean;
  /** Seconds that a device has for it, before it is given up. */
  readonly patience: number;
}

/** A piece of work with a name and a target: the same for all devices. */
export interface Workload extends Work {
  readonly id: WorkloadId;
}

/** As the tables call them. */
export type WorkloadId =
  | 'W1'
  | 'W1R'
  | 'W2'
  | 'W3'
  | 'W3L'
  | 'W3R'
  | 'W4'
  | 'W5'
  | 'W5F'
  | 'S1'
  | 'S2';

/** How large the work is: what the figures are published for, or seconds of it to see that all works. */
export type Size = 'full' | 'small';

/** Every workload in a size. */
export function workloads(size: Size): readonly Workload[] {
  const full = size === 'full';
  const count = (large: number, small: number): number => (full ? large : small);
  const base = {
    distribution: 'same',
    holdTime: 90,
    hold: 0,
    witnesses: 0,
    prefixes: 0,
    sinks: 0,
  } as const;
  const patience = count(240, 30);
  const w1 = {
    ...base,
    id: 'W1',
    title: `one peer, ${text(count(1_000_000, 20_000))} prefixes`,
    peers: 1,
    prefixes: count(1_000_000, 20_000),
    patience,
  } as const;
  const w3 = {
    ...base,
    id: 'W3',
    title: `${text(count(3000, 100))} sessions, 200 dialling at once`,
    peers: count(3000, 100),
    patience: count(120, 30),
  } as const;
  const w5 = {
    ...base,
    id: 'W5',
    title: `${count(50, 5)} peers × ${text(count(20_000, 500))} prefixes, then ${text(count(2000, 200))} UPDATEs/s for ${count(30, 2)} s`,
    peers: count(50, 5),
    prefixes: count(20_000, 500),
    distribution: 'disjoint',
    churn: { rate: count(2000, 200), seconds: count(30, 2) },
    witnesses: 4,
    patience,
  } as const;
  return [
    w1,
    { ...w1, id: 'W1R', title: `${w1.title}, dropped and sent again`, again: true },
    {
      ...base,
      id: 'W2',
      title: `${count(200, 10)} peers, the same ${text(count(20_000, 1000))} prefixes each`,
      peers: count(200, 10),
      prefixes: count(20_000, 1000),
      patience,
    },
    w3,
    { ...w3, id: 'W3L', title: `${w3.title}, every neighbour listed`, listed: true },
    { ...w3, id: 'W3R', title: `${w3.title}, ended and dialled again`, again: true },
    {
      ...base,
      id: 'W4',
      title: `${text(count(10_000, 200))} sessions held ${count(60, 2)} s with hold time 90`,
      peers: count(10_000, 200),
      hold: count(60, 2),
      patience,
    },
    w5,
    { ...w5, id: 'W5F', title: `${w5.title}, one more floods`, flood: true },
    {
      ...base,
      id: 'S1',
      title: `${text(count(1_000_000, 20_000))} prefixes sent to one peer`,
      peers: 1,
      prefixes: count(1_000_000, 20_000),
      sinks: 1,
      patience,
    },
    {
      ...base,
      id: 'S2',
      title: `the same ${text(count(1_000_000, 20_000))} prefixes sent to ${count(200, 10)} peers`,
      peers: 1,
      prefixes: count(1_000_000, 20_000),
      sinks: count(200, 10),
      patience,
    },
  ];
}

/** Where neighbours dial from, and who they are. */
export const neighbours: {
  readonly first: string;
  readonly range: string;
  readonly as: number;
} = { first: '127.1.0.1', range: '127.1.0.0/16', as: 65_001 };

/** Where those dial from who only listen, and who they are: of another AS, for routes that go back are left out by some. */
export const sinkNeighbours: {
  readonly first: string;
  readonly range: string;
  readonly as: number;
} = { first: '127.2.0.1', range: '127.2.0.0/16', as: 65_002 };

/** The workload as the load tester takes it. Its last phase is ended from outside. */
export function scenarioOf(workload: Work, address: string, port: number): Scenario {
  const { peers, prefixes, distribution, holdTime, churn, patience } = workload;
  const timeout = patience;
  const phases: Phase[] = [
    { phase: 'establish', concurrency: 200, timeout },
    ...(prefixes > 0 ? [{ phase: 'announce', timeout, settle: 0 } as const] : []),
    // Time for the device to become quiet before anything new; ended early from outside.
    { phase: 'steady', duration: churn === undefined ? 3600 : churnDelay },
    ...(churn === undefined
      ? []
      : ([
          { phase: 'churn', duration: churn.seconds, rate: churn.rate, gap: 1, settle: 0 },
          { phase: 'steady', duration: 3600 },
        ] as const)),
  ];
  return {
    name: workload.title,
    target: { address, port, remoteAs: deviceAs },
    speakers: [
      {
        ...defaultGroup,
        count: peers,
        sourceAddress: neighbours.first,
        localAs: neighbours.as,
        routerId: '10.1.0.1',
        holdTime,
        // A next hop of 127.0.0.0/8 is refused by some, and one that is reachable would be looked up by others.
        nextHop: '192.0.2.1',
      },
    ],
    routes:
      prefixes === 0
        ? undefined
        : { kind: 'generated', prefixes, ipv6Prefixes: 0, distribution, overlap: 0 },
    seed: 1,
    phases,
    expect: { oracle: false, transparent: false },
    thresholds: [],
    workers: 0,
  };
}

/** AS of every device. */
export const deviceAs = 65_000;

/** Seconds between the table and the churn. */
const churnDelay = 5;

function text(count: number): string {
  return count.toLocaleString('en-US');
}
