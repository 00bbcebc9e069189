/** `1 octet`, `2 octets`. */
export function octetsText(count: number): string {
  return `${count} octet${count === 1 ? '' : 's'}`;
}
