/** How a sentence about routes begins: `1 route is`, `2 stale routes are`. */
export function routesText(count: number, noun: 'route' | 'stale route'): string {
  return count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`;
}
