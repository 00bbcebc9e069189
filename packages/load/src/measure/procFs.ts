import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;
const pageSize = 4096;

/** CPU and memory of a process and all below it. */
export interface TreeUsage {
  /** User and system seconds since each process began, those of ended children included. */
  readonly cpuSeconds: number;
  /** Octets of resident memory now. */
  readonly residentBytes: number;
  readonly processes: number;
  /** Seconds of each thread, by its number. */
  readonly threads: ReadonlyMap<number, number>;
}

/** The process and all its descendants, as far as they still run. */
export function processTree(root: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const entry of list('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(fieldsOf(read(`/proc/${pid}/stat`))[1]);
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [pid]);
    else siblings.push(pid);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** What a process and those below it use; `undefined` when the root has gone. */
export function usageOf(tree: readonly number[]): TreeUsage | undefined {
  let cpu = 0;
  let resident = 0;
  let processes = 0;
  const threads = new Map<number, number>();
  for (const [index, pid] of tree.entries()) {
    const fields = fieldsOf(read(`/proc/${pid}/stat`));
    if (fields.length === 0) {
      if (index === 0) return undefined;
      continue;
    }
    processes++;
    cpu += Number(fields[11]) + Number(fields[12]);
    if (index === 0) cpu += Number(fields[13]) + Number(fields[14]);
    resident += Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * pageSize;
    for (const thread of list(`/proc/${pid}/task`)) {
      const times = fieldsOf(read(`/proc/${pid}/task/${thread}/stat`));
      threads.set(Number(thread), (Number(times[11]) + Number(times[12])) / ticksPerSecond);
    }
  }
  return { cpuSeconds: cpu / ticksPerSecond, residentBytes: resident, processes, threads };
}

/** Seconds that all cores together have worked since the machine started. */
export function machineCpuSeconds(): number {
  const [user, nice, system, , , irq, softirq] = read('/proc/stat')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return ((user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0)) / ticksPerSecond;
}

/** The fields of a `stat` file after the name, which may hold blanks and brackets; none for an empty one. */
function fieldsOf(stat: string): string[] {
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The text of a file; empty where it has gone: processes end while we look. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
