import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;
const pageSize = 4096;

/** What a process and everything below it use. */
export interface TreeUsage {
  /** User and system seconds since each began, with those of children that have ended and were waited for. */
  readonly cpuSeconds: number;
  /** Those of the first process's main thread alone. */
  readonly mainThreadSeconds: number;
  /** Resident set size (Rss) of all processes added up: pages that two of them share count twice. */
  readonly residentBytes: number;
}

/** A process and its descendants, followed while they come and go. */
export class ProcessTree {
  readonly root: number;
  #pids: readonly number[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;
  #last: TreeUsage = { cpuSeconds: 0, mainThreadSeconds: 0, residentBytes: 0 };

  constructor(root: number) {
    this.root = root;
  }

  /** What the tree uses now. CPU never falls, also when a child has ended unnoticed. */
  usage(): TreeUsage {
    // Finding children reads every process of the machine: once a second is enough.
    if (performance.now() - this.#lookedAt > 1000) {
      this.#pids = descendantsOf(this.root);
      this.#lookedAt = performance.now();
    }
    let ticks = 0;
    let pages = 0;
    for (const pid of this.#pids) {
      const fields = statFields(`/proc/${pid}/stat`);
      // utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
      for (let field = 11; field <= 14; field++) ticks += Number(fields[field] ?? 0);
      pages += Number(readOrEmpty(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
    }
    const main = statFields(`/proc/${this.root}/task/${this.root}/stat`);
    this.#last = {
      cpuSeconds: Math.max(this.#last.cpuSeconds, ticks / ticksPerSecond),
      mainThreadSeconds: (Number(main[11] ?? 0) + Number(main[12] ?? 0)) / ticksPerSecond,
      residentBytes: pages * pageSize,
    };
    return this.#last;
  }
}

/** Seconds that all cores together have worked since the machine started. */
export function machineCpuSeconds(): number {
  const [line] = readOrEmpty('/proc/stat').split('\n', 1);
  const [user, nice, system, , , irq, softirq] = (line ?? '').split(/\s+/).slice(1).map(Number);
  return (user! + nice! + system! + irq! + softirq!) / ticksPerSecond;
}

function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statFields(`/proc/${entry}/stat`)[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** From the third field on: the second, the name, may hold blanks and brackets. */
function statFields(path: string): string[] {
  const stat = readOrEmpty(path);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Processes end while we look. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
