import { describe, expect, it } from 'vitest';
import {
  encodeShutdownCommunication,
  formatNotification,
  hardReset,
  notification,
} from '../src/index.ts';
import { hex } from './bytes.ts';

const shutdown = notification(6, 2, encodeShutdownCommunication('maintenance'));

describe('NOTIFICATIONs in words', () => {
  it.for([
    [notification(4), 'Hold Timer Expired'],
    [notification(1, 2, hex('1001')), 'Message Header Error/Bad Message Length, data 0x1001'],
    [shutdown, 'Cease/Administrative Shutdown: maintenance'],
    [notification(6, 4), 'Cease/Administrative Reset'],
    [notification(6, 2, hex('02 c328')), 'Cease/Administrative Shutdown: (malformed: 02c328)'],
    [notification(6, 5, hex('03 616263')), 'Cease/Connection Rejected, data 0x03616263'],
    [hardReset(shutdown), 'Cease/Hard Reset (Cease/Administrative Shutdown: maintenance)'],
    [hardReset(hardReset(notification(4))), 'Cease/Hard Reset (Cease/Hard Reset, data 0x0400)'],
    [notification(6, 9), 'Cease/Hard Reset'],
  ] as const)('%j', ([message, text]) => {
    expect(formatNotification(message)).toBe(text);
  });
});
