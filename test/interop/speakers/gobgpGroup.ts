/**
 * GoBGP configuration: a peer group of IPv4 neighbours that connect to it.
 *
 * @param from - the range that they may connect from, or the address of each
 * @param more - tables of the group's own, such as its timers
 */
export function gobgpGroup(
  name: string,
  as: number,
  from: string | readonly string[],
  more = '',
): string {
  const accepted =
    typeof from === 'string' ? dynamicNeighbours(name, from) : neighbours(name, from);
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
${accepted}`;
}

function dynamicNeighbours(group: string, range: string): string {
  return `[[dynamic-neighbors]]
  [dynamic-neighbors.config]
    prefix = "${range}"
    peer-group = "${group}"
`;
}

function neighbours(group: string, addresses: readonly string[]): string {
  return addresses
    .map(
      (address) => `[[neighbors]]
  [neighbors.config]
    neighbor-address = "${address}"
    peer-group = "${group}"
`,
    )
    .join('');
}
