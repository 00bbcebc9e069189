import type { RouteEntry } from '@peerloom/ipc';
import type { EngineMetrics } from '@peerloom/supervisor';
import type { NeighborDetail } from '../print/neighbor.ts';
import type { SummaryRow } from '../print/summary.ts';
import type { TcpRow } from '../print/tcp.ts';

/**
 * What an engine can be asked over its control socket: for each method the parameters, and the result
 * or, where the answer is a stream, the items.
 */
export interface ControlMethods {
  /** Items: a neighbor each. */
  readonly summary: { readonly parameters: object; readonly item: SummaryRow };
  readonly speaker: { readonly parameters: object; readonly result: SpeakerInfo };
  /** How the engine itself is doing; delays count from the call before. A worker that is being replaced is null. */
  readonly metrics: { readonly parameters: object; readonly result: EngineMetrics };
  /** Items: one neighbor, or all of them. */
  readonly neighbors: {
    readonly parameters: { readonly address?: string };
    readonly item: NeighborDetail;
  };
  /** Items: a connection each. */
  readonly tcp: { readonly parameters: object; readonly item: TcpRow };
  /** Items: pages of routes. */
  readonly routes: { readonly parameters: RoutesRequest; readonly item: RoutesItem };
  /** Items: what has happened, and with `follow` what happens from now on. */
  readonly events: { readonly parameters: { readonly follow?: boolean }; readonly item: EventItem };
  readonly shutdown: {
    readonly parameters: { readonly address: string; readonly text: string };
    readonly result: Done;
  };
  readonly start: { readonly parameters: { readonly address: string }; readonly result: Done };
  readonly clear: {
    readonly parameters: { readonly address: string; readonly soft?: 'in' | 'out' | 'both' };
    readonly result: Done;
  };
  readonly announce: {
    readonly parameters: { readonly route: unknown; readonly to?: string };
    readonly result: Done;
  };
  readonly withdraw: {
    readonly parameters: {
      readonly route: unknown;
      readonly from?: string;
    };
    readonly result: Done;
  };
  readonly reload: { readonly parameters: object; readonly result: Done };
  readonly recorder: {
    readonly parameters: { readonly address: string };
    /** A `FlightRecording` as `toPlain` writes it. */
    readonly result: unknown;
  };
}

/** Who the engine is. */
export interface SpeakerInfo {
  readonly routerId: string;
  readonly localAs: number;
}

/** What has been done, in one sentence. */
export interface Done {
  readonly text: string;
  /** Neighbors that it was done to. */
  readonly neighbors: readonly string[];
}

/** Which routes to show. */
export interface RoutesRequest {
  readonly direction: 'received' | 'advertised';
  /** Of one neighbor; of all when absent. */
  readonly address?: string;
  readonly family?: string;
  /** A prefix: exactly it, or with `longer` all within it; an address: the longest prefix that it is in. */
  readonly prefix?: string;
  readonly longer?: boolean;
}

/** A route as it crosses the control socket: bytes in base64, decoded by the reader. */
export interface RouteItem extends Omit<RouteEntry, 'attributes'> {
  readonly attributes: string;
}

/** A page of one neighbor's routes. */
export interface RoutesItem {
  readonly neighbor: string;
  readonly routes: readonly RouteItem[];
}

/** Something that has happened. */
export interface EventItem {
  /** Milliseconds since the UNIX epoch. */
  readonly time: number;
  readonly kind: string;
  readonly neighbor?: string;
  /** For people. */
  readonly text: string;
  /** The event as the engine gave it. */
  readonly details: unknown;
}

/** The methods that are answered with one result. */
export type CallMethod = {
  [M in keyof ControlMethods]: ControlMethods[M] extends { readonly result: unknown } ? M : never;
}[keyof ControlMethods];

/** The methods that are answered item by item. */
export type StreamMethod = Exclude<keyof ControlMethods, CallMethod>;
