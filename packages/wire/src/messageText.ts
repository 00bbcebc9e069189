import { familyKey, familyName } from './addressFamily.ts';
import { formatAttribute, formatMpHead } from './attributeText.ts';
import { formatCapability } from './capabilityText.ts';
import type { Message, OpenMessage, RouteRefreshMessage, UpdateMessage } from './message.ts';
import { formatNotification } from './notificationText.ts';
import { openAs } from './openValidation.ts';
import type { PathAttribute } from './pathAttribute.ts';
import { RouteRefreshSubtype } from './routeRefresh.ts';
import { formatHex } from './text/hex.ts';
import { formatNlri } from './text/nlri.ts';
import { endOfRibFamilyOf } from './updateEndOfRib.ts';

/**
 * A message for people, in the notation of routers: its kind and fixed fields in the first line, then
 * a line, indented by two spaces, for each capability, attribute or route. No line end at the end.
 */
export function formatMessage(message: Message): string {
  switch (message.kind) {
    case 'open':
      return formatOpen(message);
    case 'update':
      return formatUpdate(message);
    case 'notification':
      return `NOTIFICATION ${formatNotification(message)}`;
    case 'keepalive':
      return 'KEEPALIVE';
    case 'routeRefresh':
      break;
  }
  return formatRouteRefresh(message);
}

function lines(first: string, ...rest: readonly string[]): string {
  return [first, ...rest].join('\n  ');
}

function formatOpen(open: OpenMessage): string {
  const as = openAs(open);
  const asText = as === open.myAs ? `AS ${as}` : `AS ${as} (${open.myAs} in two octets)`;
  return lines(
    `OPEN version ${open.version}, ${asText}, hold time ${open.holdTime} s, identifier ${open.bgpIdentifier}`,
    ...open.capabilities.map(formatCapability),
    ...(open.otherParameters ?? []).map(
      ({ type, value }) => `optional parameter ${type}: 0x${formatHex(value)}`,
    ),
  );
}

function formatUpdate(update: UpdateMessage): string {
  const endOfRib = endOfRibFamilyOf(update);
  if (endOfRib !== undefined) return `UPDATE End-of-RIB ${familyName(endOfRib)}`;
  return lines(
    'UPDATE',
    ...update.withdrawn.map((nlri) => `withdraw ${formatNlri(nlri)}`),
    ...update.attributes.flatMap(attributeLines),
    ...update.nlri.map((nlri) => `route ${formatNlri(nlri)}`),
  );
}

/** The routes of an MP attribute stand below it, a line each. */
function attributeLines(attribute: PathAttribute): string[] {
  switch (attribute.type) {
    case 'mpReachNlri':
      return [
        formatMpHead(attribute),
        ...attribute.nlri.map((nlri) => `route ${formatNlri(nlri)}`),
      ];
    case 'mpUnreachNlri':
      return [
        formatMpHead(attribute),
        ...attribute.withdrawn.map((nlri) => `withdraw ${formatNlri(nlri)}`),
      ];
    default:
      return [formatAttribute(attribute)];
  }
}

const subtypeNames: ReadonlyMap<number, string> = new Map([
  [RouteRefreshSubtype.request, 'request'],
  [RouteRefreshSubtype.beginning, 'BoRR'],
  [RouteRefreshSubtype.ending, 'EoRR'],
]);

function formatRouteRefresh({ afi, safi, subtype, orf }: RouteRefreshMessage): string {
  const what = subtypeNames.get(subtype) ?? `subtype ${subtype}`;
  const filters = orf === undefined ? '' : `, filters 0x${formatHex(orf)}`;
  return `ROUTE-REFRESH ${familyName(familyKey(afi, safi))} ${what}${filters}`;
}
