import { type Fault, formatMessage, notificationName, toJson } from '@peerloom/wire';
import type { DecodedMessage } from '../decode/decodeStream.ts';
import { countText } from './count.ts';

const actions: Readonly<Record<Fault['action'], string>> = {
  sessionReset: 'session reset',
  afiSafiDisable: 'AFI/SAFI disable',
  treatAsWithdraw: 'treat as withdraw',
  attributeDiscard: 'attribute discard',
};

/** A message in words, with what is wrong with it. */
export function decodedLines({
  message,
  length,
  faults,
  incomplete,
}: DecodedMessage): readonly string[] {
  if (incomplete === true)
    return [`INCOMPLETE: no whole message in the last octets, of which there are ${length}`];
  return [
    ...(message
      ? formatMessage(message).split('\n')
      : [`a message that cannot be used, ${countText(length, 'octet')}`]),
    ...faults.map(faultLine),
  ];
}

function faultLine({ action, section, text, code, subcode }: Fault): string {
  return `  MALFORMED: ${text} (${section}). Asks for ${actions[action]}; as a NOTIFICATION: ${notificationName(code, subcode)} (${code}/${subcode})`;
}

/** A message as `decode --json` prints it. */
export function decodedJson({
  message,
  offset,
  length,
  faults,
  incomplete,
}: DecodedMessage): object {
  return {
    offset,
    length,
    ...(incomplete === true && { incomplete }),
    message: message === undefined ? null : toJson(message),
    faults: faults.map((fault) => toJson(fault)),
  };
}
