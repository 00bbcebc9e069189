import type { FsmOutput } from '../../src/index.ts';
import type { Machine } from '../../src/machine.ts';
import { connection, secondConnection } from './machineInState.ts';

const timerTokens: Record<string, string> = {
  connectRetry: 'retry',
  delayOpen: 'delay',
  keepalive: 'keep',
  sendHold: 'send',
  hold: 'hold',
};

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

function token(output: FsmOutput): string {
  switch (output.type) {
    case 'dial':
      return 'dial';
    case 'abortDial':
      return 'abort';
    case 'send': {
      const { message } = output;
      if (message.kind !== 'notification') return message.kind.toUpperCase();
      const data = message.data.length > 0 ? `:${hex(message.data)}` : '';
      return `${message.code}/${message.subcode}${data}`;
    }
    case 'close':
      return output.reset && output.connection === secondConnection ? 'refuse' : 'drop';
    case 'armTimer':
      if (output.timer === 'hold') return `hold:${output.milliseconds / 1000}`;
      if (output.timer === 'idleHold') return '';
      return `${timerTokens[output.timer]}+`;
    case 'disarmTimer':
      return output.timer === 'idleHold' ? '' : `${timerTokens[output.timer]}-`;
    case 'sessionUp':
      return 'up';
    case 'sessionDown':
      return 'down';
    default:
      return '';
  }
}

/** What is done, as a cell writes it, in alphabetical order. */
export function actionsOf(machine: Machine): string[] {
  const { outputs } = machine;
  const closed = outputs.flatMap((output) => (output.type === 'close' ? [output.connection] : []));
  const told = outputs.filter(
    (output) => output.type !== 'disarmTimer' || !closed.includes(output.connection),
  );
  const isAboutSecond = told.some(
    (output) =>
      'connection' in output &&
      output.connection === secondConnection &&
      (output.type === 'send' || output.type === 'armTimer' || output.type === 'close') &&
      token(output) !== 'refuse',
  );
  return [
    ...told.map(token).filter((action) => action !== ''),
    ...(isAboutSecond && machine.state !== 'Idle' && hadFirst(machine) ? ['second'] : []),
    ...restOf(machine),
    ...(machine.connectRetryCounter === 0 ? ['count0'] : []),
    ...(machine.connectRetryCounter === 6 ? ['count+'] : []),
  ].toSorted();
}

/** How the peer comes back from Idle, if it does. */
function restOf({ outputs, damping }: Machine): string[] {
  const armed = outputs.find((output) => output.type === 'armTimer' && output.timer === 'idleHold');
  if (armed?.type !== 'armTimer') return [];
  if (damping.failures > 0) return ['damp'];
  return [armed.milliseconds === 0 ? 'soon' : 'later'];
}

/** Whether the first connection, or the dial for it, is still there. */
const hadFirst = (machine: Machine): boolean =>
  machine.primary.connection === connection || machine.primary.dial !== 0;
