// The only globals beyond ECMAScript that this package may use. Every runtime that it is meant
// for (Node, browsers, Deno, Bun) has them; typing just these keeps every other host API out.

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

/** Hosts without it there are, too: who uses it must do without (`PlainUpdateScanner`). */
declare const WebAssembly: {
  readonly Module: new (octets: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};
