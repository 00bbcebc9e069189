import type { FamilyKey } from '../addressFamily.ts';
import { ByteWriter } from '../byteWriter.ts';
import type { NlriContext } from '../nlri/codec.ts';
import { nlriKind } from '../nlri/familyCodec.ts';
import { decodeNlri, encodeNlri } from '../nlri/field.ts';
import type { FlowspecNlri, LabeledNlri, Nlri, RouteTargetNlri, VpnNlri } from '../nlri.ts';
import { WireError } from '../wireError.ts';
import { parseEvpn } from './evpnParse.ts';
import { parseFlowspec } from './flowspecParse.ts';
import { parseHex } from './hex.ts';
import { parseDecimal } from './number.ts';

/**
 * The NLRI that a text of `formatNlri` stands for, in canonical form; `undefined` when it is none of
 * `family`. Labels may be left out, as in a withdrawal; more than one need `multipleLabels`, as in
 * `encodeNlri`.
 */
export function parseNlri(
  text: string,
  family: FamilyKey,
  multipleLabels: boolean = false,
): Nlri | undefined {
  // Split and joined, not matched: an expression for both blanks and words takes time to the square of
  // the blanks, and the text may come from anybody.
  const words = text.trim().split(/\s+/);
  const hasPathId = words.at(-2) === 'path-id';
  const route = (hasPathId ? words.slice(0, -2) : words).join(' ');
  const nlri = parsers[nlriKind(family)](route);
  if (nlri === undefined) return undefined;
  if (!hasPathId) return canonical(nlri, family, multipleLabels);
  const pathId = parseDecimal(words.at(-1)!, 0xffffffff);
  return pathId === undefined ? undefined : canonical({ ...nlri, pathId }, family, multipleLabels);
}

/**
 * The octets of the NLRI that a text stands for, as `parseNlri` reads it; with `pathId` in front, if one is given
 * (RFC 7911 §3). It may have several labels; to be withdrawn, whatever it has are left out (RFC 8277 §2.4).
 * `undefined` when the text is none of `family`, or has a path identifier itself.
 */
export function nlriOctets(
  text: string,
  family: FamilyKey,
  pathId: number | undefined,
  context: NlriContext,
): Uint8Array | undefined {
  const given = parseNlri(text, family, true);
  if (given === undefined || given.pathId !== undefined) return undefined;
  const nlri = context === 'unreach' && 'labels' in given ? { ...given, labels: [] } : given;
  const writer = new ByteWriter();
  const addPath = pathId !== undefined;
  encodeNlri(writer, addPath ? { ...nlri, pathId } : nlri, family, addPath, contextOf(nlri), true);
  return writer.toBytes();
}

/** Routes without their labels are those of a withdrawal (RFC 8277 §2.4). */
function contextOf(nlri: Nlri): NlriContext {
  return 'labels' in nlri && nlri.labels.length === 0 ? 'unreach' : 'reach';
}

/** The codec knows best what a family can carry, and how: what it writes and reads again is canonical. */
function canonical(nlri: Nlri, family: FamilyKey, multipleLabels: boolean): Nlri | undefined {
  const addPath = nlri.pathId !== undefined;
  const context = contextOf(nlri);
  const writer = new ByteWriter();
  try {
    encodeNlri(writer, nlri, family, addPath, context, multipleLabels);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
  const bytes = writer.view();
  const decoded = decodeNlri(bytes, 0, bytes.length, family, addPath, context, multipleLabels);
  return decoded.ok && decoded.nlri.length === 1 ? decoded.nlri[0] : undefined;
}

/** What the words, a blank between them, say; whether a codec can write it is for the codec to tell. */
const parsers: { readonly [K in Nlri['kind']]: (text: string) => Nlri | undefined } = {
  prefix: (prefix) => ({ kind: 'prefix', prefix }),
  labeled: parseLabeled,
  vpn: parseVpn,
  flowspec: parseFlowspecRoute,
  evpn: parseEvpn,
  routeTarget: parseRouteTarget,
  opaque: (text) => {
    const bytes = text.startsWith('0x') ? parseHex(text.slice(2)) : undefined;
    return bytes && { kind: 'opaque', bytes };
  },
};

function parseLabeled(text: string): LabeledNlri | undefined {
  const [, prefix, labelText] = /^(\S+)(?: label ([\d/]+))?$/.exec(text) ?? [];
  if (prefix === undefined) return undefined;
  const labels: number[] = [];
  for (const part of labelText?.split('/') ?? []) {
    const label = parseDecimal(part, 0xfffff);
    if (label === undefined) return undefined;
    labels.push(label);
  }
  return { kind: 'labeled', prefix, labels };
}

function parseVpn(text: string): VpnNlri | undefined {
  const [, routeDistinguisher, rest] = /^rd (\S+) (.+)$/.exec(text) ?? [];
  const labeled = rest === undefined ? undefined : parseLabeled(rest);
  if (labeled === undefined || routeDistinguisher === undefined) return undefined;
  return { ...labeled, kind: 'vpn', routeDistinguisher };
}

function parseFlowspecRoute(text: string): FlowspecNlri | undefined {
  const [, routeDistinguisher, rule] = /^(?:rd (\S+) )?(.+)$/.exec(text) ?? [];
  const components = rule === undefined ? undefined : parseFlowspec(rule);
  if (components === undefined) return undefined;
  return {
    kind: 'flowspec',
    components,
    ...(routeDistinguisher !== undefined && { routeDistinguisher }),
  };
}

function parseRouteTarget(text: string): RouteTargetNlri | undefined {
  if (text === 'default') return { kind: 'routeTarget', prefixLength: 0, originAs: 0 };
  const pattern = /^origin-as (\d+)(?: ([^\s/]+)(?:\/(\d+))?)?$/;
  const [, as, routeTarget, lengthText] = pattern.exec(text) ?? [];
  const originAs = as === undefined ? undefined : parseDecimal(as, 0xffffffff);
  if (originAs === undefined) return undefined;
  if (routeTarget === undefined) return { kind: 'routeTarget', prefixLength: 32, originAs };
  const prefixLength = lengthText === undefined ? 96 : parseDecimal(lengthText, 96);
  return prefixLength === undefined
    ? undefined
    : { kind: 'routeTarget', prefixLength, originAs, routeTarget };
}
