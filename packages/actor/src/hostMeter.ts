import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { HostUsage } from '@peerloom/ipc';

/** What the runtime can tell of the thread it runs in. */
export class HostMeter {
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();

  /** CPU and memory now, and how busy the thread was since the last call. */
  take(): Pick<HostUsage, 'cpuSeconds' | 'utilization' | 'heapUsed' | 'arrayBuffers'> {
    const { user, system } = process.threadCpuUsage();
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { cpuSeconds: (user + system) / 1e6, utilization, heapUsed, arrayBuffers };
  }
}
