import { readdirSync, readFileSync } from 'node:fs';

/** The clock of /proc/<pid>/stat ticks a hundred times a second on every Linux that runs Node. */
const TICK_MS = 10;

/** Milliseconds of CPU that a process has taken since its start; NaN where nobody tells. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return fields ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : NaN;
}

/** The same of a process and each of its children, such as PostgreSQL's. */
export function cpuOfFamily(pid: number): Map<number, number> {
  return new Map([pid, ...childrenOf(pid)].map((one) => [one, cpuOf(one)]));
}

/** What a family has taken since; what children took that have ended counts for nothing. */
export function cpuSince(before: Map<number, number>, pid: number): number {
  const now = cpuOfFamily(pid);
  return now.entries().reduce((sum, [one, cpu]) => sum + (cpu - (before.get(one) ?? 0) || 0), 0);
}

/** Bytes that a process holds; NaN where nobody tells. */
export function memoryOfProcess(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  } catch {
    return NaN;
  }
}

/** What stands behind the name of a process, from its state on (proc(5)). */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function childrenOf(parent: number): number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => Number(statOf(pid)?.[1]) === parent);
  } catch {
    return [];
  }
}
