import {
  FsmState,
  type StuckReason as FsmStuckReason,
  type PeerFsm,
  StuckCode,
} from '@peerloom/fsm';
import type { CommonPeerOptions, StuckReason } from '@peerloom/ipc';
import type { PeerActor } from './peerActor.ts';

/** Why a peer's session is not up, as it stands. */
export function stuckReasonOf(actor: PeerActor): StuckReason | undefined {
  const { fsm, options, lastLocalAddress, status } = actor;
  const reason = fsm.stuckReason;
  if (reason === undefined) return undefined;
  return {
    ...explainStuck(reason, options, lastLocalAddress),
    times: fsm.connectRetryCounter,
    since: isWaitedFor(reason, fsm) ? status.stateSince : status.stuckSince,
  };
}

/** Not what has gone wrong, but what is to come: for as long as the FSM has been in its state. */
function isWaitedFor({ code }: FsmStuckReason, { state }: PeerFsm): boolean {
  const isOpening = state === FsmState.openSent || state === FsmState.openConfirm;
  const isAwaited = code === StuckCode.silent || code === StuckCode.unconfirmed;
  return code === StuckCode.passive || (isAwaited && isOpening);
}

type Finding = Pick<StuckReason, 'code' | 'text' | 'remedy'>;

/**
 * What keeps a session from coming up, as far as the FSM's findings say it together with how the peer
 * is configured: the FSM sees that nobody answers, and only the options tell that MD5 or GTSM is the
 * likeliest reason. `localAddress`: where the connection that the finding is about came from, if known.
 */
function explainStuck(
  reason: FsmStuckReason,
  options: CommonPeerOptions,
  localAddress: string | undefined,
): Finding {
  const finding = { ...reason, code: dashed(reason.code) };
  switch (reason.code) {
    case StuckCode.noAnswer:
      return explainSilence(finding, options);
    case StuckCode.closedBeforeOpen:
    case StuckCode.refused:
      return { ...finding, remedy: finding.remedy + dialledFrom(options, localAddress) };
    case StuckCode.passive:
    case StuckCode.silent:
      return { ...finding, remedy: finding.remedy + droppedUnseen(options) };
    default:
      return finding;
  }
}

/** `wrongAs` → `wrong-as`: the spelling of every code that leaves the host. */
function dashed(code: string): string {
  return code.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A SYN that nobody answers: a far end drops without a word what lacks the right MD5 digest or TTL. */
function explainSilence(finding: Finding, options: CommonPeerOptions): Finding {
  const { text, remedy } = finding;
  const { password, ttlSecurity, ttl, multihop } = options;
  if (password !== undefined) {
    return {
      code: 'md5',
      text: `${text}; a TCP MD5 password is set here, and a peer that has another one, or none, drops our packets without a word`,
      remedy: 'compare the password on both sides; without MD5 on the peer, remove it here',
    };
  }
  if (ttlSecurity !== undefined) {
    return {
      code: 'ttl',
      text: `${text}; ttlSecurity is set here, so that answers from more than ${ttlSecurity} hops away are dropped`,
      remedy: `check the number of hops, and that the peer sends with TTL 255 (ttl-security) too`,
    };
  }
  const hops = multihop ?? ttl;
  if (hops !== undefined && hops < 255) {
    return {
      code: 'ttl',
      text: `${text}; our packets live for ${hops} hops`,
      remedy: `set multihop to the number of hops, if it is more than ${hops}; ${remedy}`,
    };
  }
  return finding;
}

/** What lacks the right MD5 digest, or comes from too far away for GTSM, the system drops without a word to us. */
function droppedUnseen({ password, ttlSecurity }: CommonPeerOptions): string {
  const key = password === undefined ? '' : '; compare the MD5 password on both sides';
  const hops = ttlSecurity === undefined ? '' : '; check that it sends with TTL 255 (ttl-security)';
  return key + hops;
}

function dialledFrom(
  { sourceAddress }: CommonPeerOptions,
  localAddress: string | undefined,
): string {
  const from = sourceAddress ?? localAddress;
  if (from === undefined || from === '') return '';
  const chosen =
    sourceAddress === undefined ? ', which the system chose: sourceAddress would set another' : '';
  return ` (we dialled from ${from}${chosen})`;
}
