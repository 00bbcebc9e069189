import { printableText } from '@peerloom/wire';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { ConfigurationError } from './configurationError.ts';

/** Keys and indexes that lead from the top of a document to a value in it. */
export type KeyPath = readonly (string | number)[];

/** A place in a text; lines and columns count from 1, as in editors. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A configuration text as data that still knows where each part of it stood. */
export interface ConfigurationDocument {
  readonly value: unknown;
  /** Where the last key or item of `path` stands; where it does not, the nearest thing around it. */
  placeOf(path: KeyPath): Place;
}

/**
 * Reads YAML 1.2, and with it JSON. Throws a `ConfigurationError` that tells the place of what is not.
 */
export function readDocument(text: string, file: string): ConfigurationDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    // What is odd but no error, such as a key that is a list, our own checks tell the place of.
    logLevel: 'error',
  });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      file,
      document.errors.map(({ code, pos, message }) => ({
        ...place(pos[0]),
        key: '',
        text: `this is not valid YAML or JSON: ${message}${hints[code] ?? ''}`,
      })),
    );
  }

  const placeOf = (path: KeyPath): Place => {
    let node: Node | null = document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(document) ?? null;
      if (isMap<Node, Node | null>(node)) {
        const pair = node.items.find(
          ({ key }) => isScalar(key) && String(key.value) === String(step),
        );
        if (pair === undefined) break;
        offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq<Node>(node) && typeof step === 'number') {
        const item: Node | undefined = node.items[step];
        if (item === undefined) break;
        offset = item.range?.[0] ?? offset;
        node = item;
      } else {
        break;
      }
    }
    return place(offset);
  };

  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, placeOf };
  } catch (error) {
    const at = place(offsetOfBadReference(document) ?? document.contents?.range?.[0] ?? 0);
    const why = `this cannot be used: ${(error as Error).message}`;
    throw new ConfigurationError(file, [{ ...at, key: '', text: why }]);
  }
}

/** Where the first alias stands that has no anchor, or the first `<<` that merges what is no mapping. */
function offsetOfBadReference(document: Document): number | undefined {
  let offset: number | undefined;
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) !== undefined) return undefined;
      offset = node.range?.[0];
      return visit.BREAK;
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.source !== '<<') return undefined;
      const merged = resolved(value);
      const all = isSeq(merged) ? merged.items.map(resolved) : [merged];
      if (all.every((each) => isMap(each) || each === undefined)) return undefined;
      offset = key.range?.[0];
      return visit.BREAK;
    },
  });
  return offset;
}

const quotes = '; a text that ends in a colon needs quotes, as in "2001:db8::"';

/** What the parser's words leave to guess. */
const hints: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: quotes,
  BLOCK_IN_FLOW: quotes,
};

/** `['neighbors', 1, 'remoteAs']` → `neighbors[1].remoteAs`. Whatever a key is made of, it can be shown. */
export function pathText(path: KeyPath): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${keyText(step)}`,
    )
    .join('');
}

function keyText(key: string): string {
  return key.trim() === '' ? JSON.stringify(key) : printableText(key);
}
