import {
  cpuBetween,
  cpuOf,
  loadAverage,
  readCpu,
  readMachine,
  totalOf,
  type CountedProcesses,
  type CpuByPart,
} from './cpu';

/** CPU and time from one moment to another. */
export interface Measured {
  readonly seconds: number;
  readonly cpu: CpuByPart;
  readonly totalUs: number;
  readonly foreignCores: number;
  readonly loadAverageBefore: number;
}

/** Starts the counters; the answer stops them. `beside` are our own processes that are not part of the system. */
export function startCounters(counted: CountedProcesses, beside: readonly number[]): (untilMs?: number) => Measured {
  const loadAverageBefore = loadAverage();
  const besideUs = (): number => beside.reduce((sum, pid) => sum + cpuOf(pid), 0);
  const before = { at: Date.now(), cpu: readCpu(counted), machine: readMachine(), beside: besideUs() };
  return (untilMs = Date.now()) => {
    const after = { at: Date.now(), cpu: readCpu(counted), machine: readMachine(), beside: besideUs() };
    const cpu = cpuBetween(before.cpu, after.cpu);
    const totalUs = totalOf(cpu);
    const busyUs = after.machine.busyUs - before.machine.busyUs;
    const stolenUs = after.machine.stolenUs - before.machine.stolenUs;
    const foreignUs = busyUs - totalUs - (after.beside - before.beside) + stolenUs;
    return {
      seconds: (untilMs - before.at) / 1_000,
      cpu,
      totalUs,
      foreignCores: Math.max(0, foreignUs / 1_000 / (after.at - before.at)),
      loadAverageBefore,
    };
  };
}
