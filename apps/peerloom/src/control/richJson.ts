/**
 * JSON for data that has more than JSON knows: octets, sets, maps, big integers, and numbers that are not
 * finite become objects with one `$` key. `toPlain` makes them, `fromPlain` reads them back.
 */

/** The value with JSON's own types alone. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $octets: Buffer.from(value).toString('hex') };
  if (value instanceof Set) return { $set: Array.from(value, toPlain) };
  if (value instanceof Map) {
    return { $map: Array.from(value, ([key, each]) => [toPlain(key), toPlain(each)]) };
  }
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, toPlain(each)]),
  );
}

/** What `toPlain` was given. */
export function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  const [entry, ...others] = Object.entries(value as Record<string, unknown>);
  if (entry !== undefined && others.length === 0) {
    const [key, inner] = entry;
    switch (key) {
      case '$octets':
        // Not a Buffer: a replay compares with what the codec makes.
        return Uint8Array.from(Buffer.from(String(inner), 'hex'));
      case '$set':
        return new Set((inner as unknown[]).map(fromPlain));
      case '$map':
        return new Map(
          (inner as [unknown, unknown][]).map(([name, each]) => [fromPlain(name), fromPlain(each)]),
        );
      case '$bigint':
        return BigInt(inner as string);
      case '$number':
        return Number(inner);
      default:
        break;
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fromPlain(each)]));
}
