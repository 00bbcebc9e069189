/** The version of this package, as published. */
export const version = '0.1.0';

export * from './addressFamily.ts';
export * from './byteWriter.ts';
export * from './capability.ts';
export * from './fault.ts';
export * from './message.ts';
export type { Nlri } from './nlri.ts';
export * from './notificationCode.ts';
export type { PathAttribute } from './pathAttribute.ts';
