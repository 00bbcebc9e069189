import type {
  ErrorReport,
  MessageCounts,
  PeerOptions,
  PeerSnapshot,
  PrefixCounts,
} from '@peerloom/ipc';
import { countText } from './count.ts';
import { durationText, momentText } from './duration.ts';
import { errorLine } from './summary.ts';
import { type Column, tableLines } from './table.ts';

/** A neighbor as `show ip bgp neighbors` and its `--json` form have it. */
export interface NeighborDetail extends PeerSnapshot {
  /** What it was configured with; a password is left out, and `passwordSet` says whether there is one. */
  readonly options: Omit<PeerOptions, 'password'> & { readonly passwordSet: boolean };
}

/** `show ip bgp neighbors` for one of them; `now` in milliseconds since the epoch. */
export function neighborLines(neighbor: NeighborDetail, now: number): readonly string[] {
  const { session, options } = neighbor;
  const remoteAs = session?.remoteAs ?? neighbor.remoteAs;
  const link = session === undefined ? '' : `, ${session.peerType} link`;
  return [
    `BGP neighbor is ${neighbor.address}, remote AS ${remoteAs}, local AS ${neighbor.localAs}${link}`,
    ...(neighbor.description === '' ? [] : [`  Description: ${neighbor.description}`]),
    ...(options.dynamic ? ['  Not listed: accepted from a range'] : []),
    `  BGP version 4, remote router ID ${session?.remoteRouterId ?? '0.0.0.0'}, local router ID ${options.routerId}`,
    ...stateLines(neighbor, now),
    ...section('Capabilities', capabilityLines(neighbor)),
    ...section('Timers', timerLines(neighbor)),
    ...section('Message statistics', messageLines(neighbor)),
    ...section('Address families', familyLines(neighbor)),
    ...section('Malformed messages (RFC 7606)', faultLines(neighbor)),
    `  Connections established ${neighbor.established}; dropped ${neighbor.flaps}`,
    `  Last error sent: ${errorText(neighbor.lastErrorSent)}`,
    `  Last error received: ${errorText(neighbor.lastErrorReceived)}`,
    `  Last end of a session or an attempt: ${errorText(neighbor.lastError)}`,
    ...section('Connections', connectionLines(neighbor)),
  ];
}

function stateLines(neighbor: NeighborDetail, now: number): string[] {
  const { session, stuckReason, shutdown, shutdownText } = neighbor;
  const since = durationText((now - neighbor.stateSince) / 1000);
  const lines = [
    session === undefined
      ? `  BGP state = ${neighbor.state}, for ${since}`
      : `  BGP state = ${neighbor.state}, up for ${durationText(session.uptime)}`,
  ];
  if (shutdown) {
    lines.push(`  Administratively shut down${shutdownText === '' ? '' : `: ${shutdownText}`}`);
  }
  if (stuckReason !== undefined) {
    const times = stuckReason.times > 1 ? ` (${stuckReason.times} attempts have failed)` : '';
    lines.push(`  Why it is not up: ${stuckReason.text}${times}`);
    lines.push(`  What would help: ${stuckReason.remedy}`);
  }
  return lines;
}

function capabilityLines({ session, options }: NeighborDetail): string[] {
  if (session === undefined) return [];
  const agreed = [
    `families ${session.families.join(', ')}`,
    session.fourOctetAs ? '4-octet AS numbers' : '2-octet AS numbers',
    `messages of up to ${session.maximumReceiveLength} octets in, ${session.maximumSendLength} out`,
    ...(session.routeRefresh
      ? [session.enhancedRouteRefresh ? 'enhanced route refresh' : 'route refresh']
      : []),
    ...(session.addPathReceive.length > 0
      ? [`ADD-PATH in: ${session.addPathReceive.join(', ')}`]
      : []),
    ...(session.addPathSend.length > 0 ? [`ADD-PATH out: ${session.addPathSend.join(', ')}`] : []),
    ...(session.extendedNextHop.length > 0
      ? [`extended next hop: ${session.extendedNextHop.join(', ')}`]
      : []),
    ...(session.gracefulRestart ? [gracefulRestartText(session.gracefulRestart)] : []),
    ...(session.longLivedGracefulRestart
      ? [
          `long-lived graceful restart: ${Object.entries(session.longLivedGracefulRestart)
            .map(([family, seconds]) => `${family} ${seconds} s`)
            .join(', ')}`,
        ]
      : []),
    ...(session.remoteRole ? [`role of the neighbor: ${session.remoteRole}`] : []),
  ];
  return [
    ...agreed.map((line) => `in use: ${line}`),
    `sent: ${session.capabilitiesSent.join(', ')}`,
    `received: ${session.capabilitiesReceived.join(', ')}`,
    ...(session.fqdn ? [`name of the neighbor: ${session.fqdn}`] : []),
    ...(session.softwareVersion ? [`software of the neighbor: ${session.softwareVersion}`] : []),
    ...(options.passwordSet ? ['TCP MD5 signatures (RFC 2385)'] : []),
  ];
}

function gracefulRestartText(
  restart: NonNullable<NonNullable<PeerSnapshot['session']>['gracefulRestart']>,
): string {
  const families = restart.families.length > 0 ? restart.families.join(', ') : 'no families';
  const notification = restart.notification ? ', over NOTIFICATIONs too (RFC 8538)' : '';
  const restarting = restart.restarting ? ', it has restarted' : '';
  return `graceful restart: neighbor comes back within ${restart.restartTime} s, keeps ${families}${notification}${restarting}`;
}

function timerLines({ session, options, timers }: NeighborDetail): string[] {
  const hold =
    session === undefined
      ? `hold time ${options.holdTime} s proposed`
      : `hold time ${session.holdTime} s, keepalive interval ${session.keepaliveTime} s`;
  const left = Object.entries(timers).map(([name, seconds]) => `${name} ${seconds.toFixed(1)} s`);
  return [
    `${hold}; connect retry time ${options.connectRetryTime} s`,
    left.length > 0 ? `running: ${left.join(', ')}` : 'none is running',
    `state machine: ${options.profile}`,
  ];
}

const messageTypes = [
  ['OPEN', 'open'],
  ['UPDATE', 'update'],
  ['NOTIFICATION', 'notification'],
  ['KEEPALIVE', 'keepalive'],
  ['ROUTE-REFRESH', 'routeRefresh'],
  ['Total', 'total'],
  ['Octets', 'bytes'],
] as const satisfies readonly (readonly [string, keyof MessageCounts])[];

function messageLines({ sent, received, inputQueue, outputQueue }: NeighborDetail): string[] {
  const rows = [
    ...messageTypes.map(([name, key]) => [name, sent[key], received[key]] as const),
    ['Octets waiting', outputQueue, inputQueue] as const,
  ];
  const columns: Column<readonly [string, number, number]>[] = [
    { title: '', align: 'left', text: ([name]) => name },
    { title: 'Sent', align: 'right', width: 10, text: ([, count]) => String(count) },
    { title: 'Received', align: 'right', width: 10, text: ([, , count]) => String(count) },
  ];
  return [...tableLines(columns, rows)];
}

function familyLines({ prefixes, session }: NeighborDetail): string[] {
  const rows = Object.entries(prefixes);
  if (rows.length === 0) return [];
  const columns: Column<(typeof rows)[number]>[] = [
    { title: '', align: 'left', text: ([family]) => family },
    { title: 'Received', align: 'right', text: ([, counts]) => String(counts.received) },
    { title: 'Stale', align: 'right', text: ([, counts]) => String(counts.stale) },
    { title: 'Advertised', align: 'right', text: ([, counts]) => String(counts.advertised) },
    { title: 'Pending', align: 'right', text: ([, counts]) => String(counts.pending) },
    { title: 'Maximum', align: 'right', text: ([, counts]) => String(counts.maximum ?? 'none') },
  ];
  const disabled = (session?.disabledFamilies ?? []).map(
    (family) => `${family} is out of use until the session ends (RFC 7606 AFI/SAFI disable)`,
  );
  const unsendable = rows.flatMap(([family, counts]) => unsendableLines(family, counts));
  return [...tableLines(columns, rows), ...unsendable, ...disabled];
}

function unsendableLines(family: string, { unsendable }: PrefixCounts): string[] {
  if (unsendable === undefined) return [];
  const { routes, reason } = unsendable;
  return [`${family}: ${countText(routes, 'route')} cannot be sent: ${reason}`];
}

function faultLines({ faults, lastFault }: NeighborDetail): string[] {
  if (lastFault === undefined && Object.values(faults).every((count) => count === 0)) return [];
  return [
    `session reset ${faults.sessionReset}, AFI/SAFI disable ${faults.afiSafiDisable}, treat as withdraw ${faults.treatAsWithdraw}, attribute discard ${faults.attributeDiscard}`,
    ...(lastFault === undefined ? [] : [`last: ${lastFault}`]),
  ];
}

function connectionLines({ connections }: NeighborDetail): string[] {
  return connections.map(
    ({ dialled, localAddress, localPort, remoteAddress, remotePort }) =>
      `local ${localAddress} port ${localPort}, remote ${remoteAddress} port ${remotePort}, ${dialled ? 'dialled by us' : 'dialled by the neighbor'}`,
  );
}

function errorText(error: ErrorReport | undefined): string {
  if (error === undefined) return 'none';
  const codes = error.code === undefined ? '' : ` (${error.code}/${error.subcode ?? 0})`;
  const data = error.data === undefined || error.data === '' ? '' : `, data ${error.data}`;
  return `${errorLine(error)}${codes}${data}, at ${momentText(error.time)}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}
