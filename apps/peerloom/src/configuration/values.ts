import {
  formatAddress,
  formatPrefix,
  isHostAddress,
  parseAddress,
  parseCommunity,
  parseExtendedCommunity,
  parseFamilyName,
  parseLargeCommunity,
  parsePrefix,
} from '@peerloom/wire';
import * as z from 'zod';

/**
 * The scalars of a route. Each knows how to say what would be right, so that every complaint goes on
 * from the name of its key: `is "65001x"; it must be an AS number from 1 to 4294967295`.
 */

/** What `read` makes of an input, or `undefined` where it is not that; `what` completes "it must be …". */
export function scalar<T>(what: string, read: (input: unknown) => T | undefined): z.ZodType<T> {
  return z.unknown().transform((input, context) => {
    const value = read(input);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', input, message: complaint(what, input) });
    return z.NEVER;
  });
}

/** What is said of an input that is not `what`. */
export function complaint(what: string, input: unknown): string {
  return input === undefined
    ? `is missing; it must be ${what}`
    : `is ${shown(input)}; it must be ${what}`;
}

/** An input as it is quoted in a complaint. */
function shown(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a mapping';
  const text = typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `input` if it is a whole number of the given range. */
export function wholeNumber(input: unknown, minimum: number, maximum: number): number | undefined {
  const whole = typeof input === 'number' && Number.isInteger(input);
  return whole && input >= minimum && input <= maximum ? input : undefined;
}

/** A whole number of the given range; `noun` says what of. */
export function integer(noun: string, minimum: number, maximum: number): z.ZodType<number> {
  return scalar(`${noun} from ${minimum} to ${maximum}`, (input) =>
    wholeNumber(input, minimum, maximum),
  );
}

/** `true` or `false`. */
export const flag: z.ZodType<boolean> = scalar('true or false', (input) =>
  typeof input === 'boolean' ? input : undefined,
);

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): z.ZodType<T> {
  return scalar(`one of ${words.join(', ')}`, (input) => words.find((word) => word === input));
}

/** No AS has the number 0, and it must not be sent (RFC 7607 §2). */
export const lowestAs = 1;
/** The highest AS number (RFC 6793), and the highest value of other four-octet fields. */
export const highest32 = 4294967295;
/** An AS number. */
export const asNumber: z.ZodType<number> = integer('an AS number', lowestAs, highest32);

/** A text that is not empty. */
export const text: z.ZodType<string> = scalar('a text', (input) =>
  typeof input === 'string' && input !== '' ? input : undefined,
);

/** A path in the file system. */
export const path: z.ZodType<string> = scalar('a path', (input) =>
  typeof input === 'string' && input !== '' && !input.includes('\0') ? input : undefined,
);

function canonicalAddress(input: unknown): string | undefined {
  const bytes = typeof input === 'string' ? parseAddress(input) : undefined;
  return bytes && formatAddress(bytes);
}

/** An IPv4 or IPv6 address, made canonical. */
export const address: z.ZodType<string> = scalar('an IPv4 or IPv6 address', canonicalAddress);

/** A prefix, made canonical; one with bits after its length is refused, with the prefix that it is in. */
export const prefix: z.ZodType<string> = z.unknown().transform((input, context) => {
  const parsed = typeof input === 'string' ? parsePrefix(input) : undefined;
  const written = typeof input === 'string' ? input.slice(0, input.indexOf('/')) : undefined;
  if (parsed && canonicalAddress(written) === formatAddress(parsed.bytes)) {
    return formatPrefix(parsed);
  }
  const message = parsed
    ? `is ${shown(input)}, which has bits beyond its length; the prefix is ${formatPrefix(parsed)}`
    : complaint('a prefix such as 192.0.2.0/24 or 2001:db8::/32', input);
  context.issues.push({ code: 'custom', input, message });
  return z.NEVER;
});

/** The name of an address family. */
export const family: z.ZodType<string> = spelled(
  'an address family such as ipv4-unicast or ipv6-unicast',
  parseFamilyName,
);

/** A next hop: the address of a host, or our end of the session. */
export const nextHop: z.ZodType<string> = scalar(
  "a host's IPv4 or IPv6 address, or self",
  (input) => {
    if (input === 'self') return input;
    const canonical = canonicalAddress(input);
    return canonical !== undefined && isHostAddress(parseAddress(canonical)!)
      ? canonical
      : undefined;
  },
);

/** RFC 1997. */
export const community: z.ZodType<string> = spelled(
  'a community such as 65001:100 or no-export',
  parseCommunity,
);
/** RFC 8092. */
export const largeCommunity: z.ZodType<string> = spelled(
  'a large community such as 65001:1:2',
  parseLargeCommunity,
);
/** RFC 4360. */
export const extendedCommunity: z.ZodType<string> = spelled(
  'an extended community such as target:65001:1, or 16 hex digits',
  parseExtendedCommunity,
);

function spelled(what: string, parse: (text: string) => unknown): z.ZodType<string> {
  return scalar(what, (input) =>
    typeof input === 'string' && parse(input) !== undefined ? input : undefined,
  );
}
