import type { FaultAction, UpdateOptions } from '../src/index.ts';
import { toHex } from './bytes.ts';
import { holdRows, optional, type Row } from './faultTable.ts';
import { asPath, attribute, family, nextHop, origin, prefix } from './updateBytes.ts';

/** A bad MP_REACH_NLRI in an UPDATE that is sound otherwise and has routes in the NLRI field. */
function mp(
  rule: string,
  attributeBytes: Uint8Array,
  action: FaultAction,
  section: string,
  options?: Partial<UpdateOptions>,
): Row {
  return {
    rule,
    update: { attributes: [attributeBytes, origin, asPath, nextHop], nlri: prefix },
    ...(options && { options }),
    faults: [[action, optional, toHex(attributeBytes), section, attributeBytes[1]!]],
  };
}

const v6 = '20010db8000000000000000000000001';
const rd = '0000000000000000';

// biome-ignore format: one line a rule
const multiprotocol: readonly Row[] = [
  mp('MP_REACH_NLRI without a family', attribute(0x80, 14, '0002'), 'sessionReset', 'RFC 7606 §5.3'),
  mp('MP_UNREACH_NLRI without a family', attribute(0x80, 15, ''), 'sessionReset', 'RFC 7606 §5.3'),
  mp('MP_REACH_NLRI of four octets', attribute(0x80, 14, '000201 00'), 'afiSafiDisable', 'RFC 7606 §5.3'),
  mp('MP_REACH_NLRI with a next hop that overruns', attribute(0x80, 14, `000201 11 ${v6}`), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('MP_REACH_NLRI that is transitive', attribute(0xc0, 14, `000201 10 ${v6} 00 2020010db8`), 'afiSafiDisable', 'RFC 7606 §5.3'),
  mp('MP_UNREACH_NLRI that is well-known', attribute(0x40, 15, '000201 2020010db8'), 'afiSafiDisable', 'RFC 7606 §5.3'),
  mp('IPv6 with a next hop of four', attribute(0x80, 14, '000201 04 c0000201 00 2020010db8'), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('IPv6 with a next hop of twenty-four', attribute(0x80, 14, `000201 18 ${rd}${v6} 00 2020010db8`), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('IPv6 without a next hop', attribute(0x80, 14, '000201 00 00 2020010db8'), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('IPv4 with a next hop of sixteen that was not agreed on', attribute(0x80, 14, `000101 10 ${v6} 00 080a`), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('VPN-IPv4 with a next hop of four', attribute(0x80, 14, `000180 04 c0000201 00 70 000641 ${rd} 0a0000`), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('VPN-IPv4 with a next hop of sixteen, RFC 5549 style', attribute(0x80, 14, `000180 10 ${v6} 00 70 000641 ${rd} 0a0000`), 'afiSafiDisable', 'RFC 7606 §7.11', { extendedNextHop: new Set([family.ipv4Vpn]) }),
  mp('VPN-IPv6 with a next hop of sixteen', attribute(0x80, 14, `000280 10 ${v6} 00 78 000641 ${rd} 20010db8`), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('EVPN with a next hop of twelve', attribute(0x80, 14, `001946 0c ${rd}c0000201 00`), 'afiSafiDisable', 'RFC 7606 §7.11'),
  mp('an IPv6 prefix of 129 bits', attribute(0x80, 14, `000201 10 ${v6} 00 81 ${v6}80`), 'afiSafiDisable', 'RFC 7606 §5.3'),
  mp('an IPv6 prefix that overruns', attribute(0x80, 14, `000201 10 ${v6} 00 20 20010d`), 'afiSafiDisable', 'RFC 7606 §5.3'),
  mp('a withdrawn IPv6 prefix that overruns', attribute(0x80, 15, '000201 20 20010d'), 'afiSafiDisable', 'RFC 7606 §5.3'),
  mp('an IPv4 prefix of 33 bits in MP_REACH_NLRI', attribute(0x80, 14, '000101 04 c0000201 00 21 0a00000080'), 'afiSafiDisable', 'RFC 7606 §5.3'),
];

holdRows('MP attributes (RFC 7606 §5.3 and §7.11)', multiprotocol);
