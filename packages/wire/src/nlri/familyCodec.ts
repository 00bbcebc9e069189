import { Afi, type FamilyKey, familyKey, Safi } from '../addressFamily.ts';
import type { Nlri } from '../nlri.ts';
import type { NlriCodec } from './codec.ts';
import { evpnCodec } from './evpn.ts';
import { flowspecCodec } from './flowspec.ts';
import { labeledCodec, vpnCodec } from './labeled.ts';
import { typedOpaqueCodec, wholeFieldCodec } from './opaque.ts';
import { prefixCodec } from './prefix.ts';
import { routeTargetCodec } from './routeTarget.ts';

function ipCodecs(
  afi: number,
  addressBits: number,
  multipleLabels: boolean,
): [FamilyKey, NlriCodec][] {
  const prefix = prefixCodec(addressBits);
  return [
    [familyKey(afi, Safi.unicast), prefix],
    [familyKey(afi, Safi.multicast), prefix],
    [familyKey(afi, Safi.labeledUnicast), labeledCodec(addressBits, multipleLabels)],
    [familyKey(afi, Safi.mplsVpn), vpnCodec(addressBits, multipleLabels)],
    [familyKey(afi, Safi.flowspec), flowspecCodec(addressBits, false)],
    [familyKey(afi, Safi.flowspecVpn), flowspecCodec(addressBits, true)],
  ];
}

/** BGP-LS in a VPN (RFC 9552 §5.2): as BGP-LS, with the route distinguisher after the length. */
const bgpLsVpnSafi = 72;

function codecs(multipleLabels: boolean): ReadonlyMap<FamilyKey, NlriCodec> {
  const bgpLs = typedOpaqueCodec(2);
  return new Map([
    ...ipCodecs(Afi.ipv4, 32, multipleLabels),
    ...ipCodecs(Afi.ipv6, 128, multipleLabels),
    [familyKey(Afi.ipv4, Safi.routeTarget), routeTargetCodec],
    [familyKey(Afi.l2vpn, Safi.evpn), evpnCodec],
    [familyKey(Afi.bgpLs, Safi.bgpLs), bgpLs],
    [familyKey(Afi.bgpLs, bgpLsVpnSafi), bgpLs],
  ]);
}

const oneLabel = codecs(false);
const manyLabels = codecs(true);

/** The kind of NLRI that a family carries. */
export function nlriKind(family: FamilyKey): Nlri['kind'] {
  return codecOf(family, false).kind;
}

/** What reads and writes the NLRI of a family; one that is not known is carried as bytes. */
export function codecOf(family: FamilyKey, multipleLabels: boolean): NlriCodec {
  return (multipleLabels ? manyLabels : oneLabel).get(family) ?? wholeFieldCodec;
}
