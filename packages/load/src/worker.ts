import { type MessagePort, workerData } from 'node:worker_threads';
import { expose } from 'comlink';
import type { HostControl } from './speaker/hostControl.ts';
import { rehearse } from './speaker/rehearsal.ts';
import { SpeakerHost } from './speaker/speakerHost.ts';

/** The control interface alone goes over the port. */
function controlOf(host: SpeakerHost): HostControl {
  return {
    setUp: async (setup) => {
      await rehearse(setup);
      host.setUp(setup);
    },
    establish: (concurrency) => host.establish(concurrency),
    announce: (schedule) => host.announce(schedule),
    withdraw: () => host.withdraw(),
    startChurn: (options) => host.startChurn(options),
    stopChurn: (now) => host.stopChurn(now),
    flap: (speakers, reset, down) => host.flap(speakers, reset, down),
    record: (on) => host.record(on),
    report: () => host.report(),
    usage: () => host.usage(),
    shutDown: () => host.shutDown(),
  };
}

/** What the coordinator hands to a worker; the port is transferred. */
export interface HostTask {
  /** Carries the `HostControl` over Comlink. */
  readonly control: MessagePort;
}

// The entry point of a worker thread of the load tester; whoever imports it elsewhere gets its types.
const task = workerData as Partial<HostTask> | null;
if (task?.control !== undefined) expose(controlOf(new SpeakerHost()), task.control);
