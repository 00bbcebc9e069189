import { type FsmInput, PeerFsm } from '@peerloom/fsm';
import type { OpenMessage } from '@peerloom/wire';
import { besideFloor, sized } from './besideFloor.ts';

const open: OpenMessage = {
  kind: 'open',
  version: 4,
  myAs: 65002,
  holdTime: 90,
  bgpIdentifier: '192.0.2.2',
  capabilities: [
    { type: 'multiprotocol', afi: 1, safi: 1 },
    { type: 'fourOctetAs', as: 65002 },
  ],
};

/** From Idle to Established, and back. */
const session: readonly FsmInput[] = [
  { type: 'start', cause: 'manual' },
  { type: 'accepted', connection: 1 },
  { type: 'message', connection: 1, message: open },
  { type: 'message', connection: 1, message: { kind: 'keepalive' } },
  { type: 'stop', cause: 'manual' },
];

const newFsm = (): PeerFsm =>
  new PeerFsm({ localAs: 65001, remoteAs: 65002, routerId: '192.0.2.1', passive: true }, () => 0.5);

const fsm = newFsm();
const [, , , keepalive] = session;

besideFloor('fsm.step, KEEPALIVEs of an Established session', () => {
  for (const input of session.slice(0, -1)) fsm.step(0, input);
  const inputs = Array.from({ length: sized(100_000) }, (): FsmInput => ({ ...keepalive! }));
  return {
    unit: 'input',
    count: inputs.length,
    floorName: 'walking the inputs',
    floor: () => walk(inputs),
    parts: [{ name: 'step', run: () => stepAll(inputs) + fsm.session, below: 20 }],
  };
});

besideFloor('fsm.step, whole sessions, start to stop', () => {
  const inputs = Array.from({ length: sized(20_000) }, () => session).flat();
  return {
    unit: 'input',
    count: inputs.length,
    floorName: 'walking the inputs',
    floor: () => walk(inputs),
    parts: [{ name: 'step', run: () => stepAll(inputs), below: 2000 }],
  };
});

function walk(inputs: readonly FsmInput[]): number {
  let sum = 0;
  for (const { type } of inputs) sum += type.length;
  return sum;
}

function stepAll(inputs: readonly FsmInput[]): number {
  let outputs = 0;
  for (const input of inputs) outputs += fsm.step(0, input).length;
  return outputs;
}
