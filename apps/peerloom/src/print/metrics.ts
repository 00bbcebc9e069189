import type { DelaySummary } from '@peerloom/ipc';
import type { EngineMetrics, WorkerMetrics } from '@peerloom/supervisor';
import { type Column, tableLines } from './table.ts';

/** A worker's line of `show metrics`; without metrics it is being replaced. */
interface WorkerRow {
  readonly index: number;
  readonly worker: WorkerMetrics | undefined;
}

/** `show metrics`: how the engine itself is doing. Delays and shares are since somebody last asked. */
export function metricsLines(metrics: EngineMetrics): readonly string[] {
  const { supervisor: counted, connections, pendingConnections, readers } = metrics;
  const { dials, dialsConnected, dialsFailed, dialsAborted } = counted;
  return [
    'Supervisor',
    `  Event loop: ${percent(metrics.loopUtilization)} busy, late by ${delayText(metrics.loopDelay)}`,
    `  Octets from neighbors ${counted.bytesReceived}, to neighbors ${counted.bytesSent}`,
    `  Batches to workers ${counted.batchesToHosts} (${counted.batchBytesToHosts} octets), from workers ${counted.batchesFromHosts} (${counted.batchBytesFromHosts} octets)`,
    `  Connections ${connections}, accepted and not yet Established ${pendingConnections}`,
    `  Accepted ${counted.connectionsAccepted}, refused ${refusedText(counted.connectionsRefused)}`,
    `  Dialled ${dials}: connected ${dialsConnected}, failed ${dialsFailed}, given up ${dialsAborted}`,
    `  Collisions ${counted.collisions}, full windows ${counted.pauses}, workers died ${counted.workerDeaths}`,
    `  Readers of events and updates ${readers.count}: ${readers.waiting} wait (${readers.octets} octets), the oldest for ${milliseconds(readers.oldest)} ms; lost ${counted.lost}`,
    '',
    ...tableLines(
      columns,
      metrics.workers.map((worker, index) => ({ index, worker: worker ?? undefined })),
    ),
  ];
}

const columns: readonly Column<WorkerRow>[] = [
  { title: 'Worker', align: 'right', text: ({ index }) => String(index) },
  figure('Neighbors', ({ peers }) => String(peers)),
  figure('Up', ({ established }) => String(established)),
  figure('Busy', ({ utilization }) => percent(utilization)),
  figure('CPU s', ({ cpuSeconds }) => cpuSeconds.toFixed(1)),
  figure('Mail p99/max ms', ({ mailboxDelay }) => tailText(mailboxDelay)),
  figure('Timers p99/max ms', ({ timerDelay }) => tailText(timerDelay)),
  figure('Handler max ms', ({ handlerSlowest }) => milliseconds(handlerSlowest)),
  figure('Waiting', ({ queued }) => String(queued)),
  figure('Oldest ms', ({ mailboxOldest }) => milliseconds(mailboxOldest)),
  figure(
    'In flight',
    ({ inFlight, window, paused }) => `${inFlight}/${window}${paused ? ' full' : ''}`,
  ),
  figure('Heap MB', ({ heapUsed }) => megabytes(heapUsed)),
  figure('Buffers MB', ({ arrayBuffers }) => megabytes(arrayBuffers)),
  figure('Gone routes', ({ goneRoutes }) => String(goneRoutes)),
  figure('Attribute blocks', ({ attributeBlocks }) => String(attributeBlocks)),
];

function figure(title: string, text: (worker: WorkerMetrics) => string): Column<WorkerRow> {
  return {
    title,
    align: 'right',
    text: ({ worker }) => (worker === undefined ? '-' : text(worker)),
  };
}

function refusedText(byReason: EngineMetrics['supervisor']['connectionsRefused']): string {
  const reasons = Object.entries(byReason).filter(([, count]) => count > 0);
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  const list = reasons.map(([reason, count]) => `${reason} ${count}`).join(', ');
  return list === '' ? '0' : `${total} (${list})`;
}

function delayText({ p50, p99, max }: DelaySummary): string {
  return `${milliseconds(p50)} ms (median), ${milliseconds(p99)} ms (p99), ${milliseconds(max)} ms at the most`;
}

function tailText({ p99, max }: DelaySummary): string {
  return `${milliseconds(p99)}/${milliseconds(max)}`;
}

function milliseconds(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function megabytes(octets: number): string {
  return (octets / 1e6).toFixed(1);
}
