/**
 * GoBGP configuration: a peer group of IPv4 neighbours that connect from anywhere in `range`.
 *
 * @param more - tables of the group's own, such as its timers
 */
export function gobgpGroup(name: string, as: number, range: string, more = ''): string {
  return `
[[peer-groups]]
  [peer-groups.config]
    peer-group-name = "${name}"
    peer-as = ${as}
  [peer-groups.transport.config]
    passive-mode = true
  [peer-groups.ebgp-multihop.config]
    enabled = true
    multihop-ttl = 255
${more}
  [[peer-groups.afi-safis]]
    [peer-groups.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
[[dynamic-neighbors]]
  [dynamic-neighbors.config]
    prefix = "${range}"
    peer-group = "${name}"
`;
}
