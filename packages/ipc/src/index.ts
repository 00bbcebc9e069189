/**
 * What crosses a Peerloom thread boundary.
 *
 * ```ts
 * import { ToHostReader, ToHostWriter } from '@peerloom/ipc';
 *
 * const writer = new ToHostWriter();
 * writer.data(1, 7, new Uint8Array([1, 2, 3]));
 * const reader = new ToHostReader();
 * reader.open(writer.take()!);
 * while (reader.next()) console.log(reader.kind, reader.peer, reader.bytes);
 * ```
 *
 * @packageDocumentation
 */
export { batchLimit } from './batchWriter.ts';
export * from './control.ts';
export * from './envelopes.ts';
export * from './mailPort.ts';
export * from './negotiatedSession.ts';
export * from './notice.ts';
export * from './peerOptions.ts';
export * from './routePack.ts';
export * from './sharedBuffers.ts';
export * from './snapshot.ts';
export * from './toHostReader.ts';
export * from './toHostWriter.ts';
export * from './toSupervisorReader.ts';
export * from './toSupervisorWriter.ts';
