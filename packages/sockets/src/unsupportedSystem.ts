import { SocketOptionError, type SocketOptionErrorCode } from './socketOptionError.ts';
import type { System } from './system.ts';

/**
 * Stands in for the platforms whose options we do not know: every option is refused, with the reason
 * and the remedy, and nothing pretends to be secured.
 */
export function unsupportedSystem(platform: string): System {
  return refusingSystem(
    'ERR_SOCKET_OPTION_PLATFORM',
    `can be set on Linux only, and this is ${platform}. Leave out password, ttl, multihop and ttlSecurity of this peer, or run on Linux`,
  );
}

/** A system that refuses each option with the same explanation. */
export function refusingSystem(
  code: SocketOptionErrorCode,
  explanation: string,
  cause?: unknown,
): System {
  const refuse = (option: string): never => {
    throw new SocketOptionError(code, { option, text: `${option} ${explanation}`, cause });
  };
  return {
    openSocket: () => refuse('socket options before connect'),
    closeSocket: () => refuse('close'),
    setTtl: () => refuse('ttl'),
    setMinimumTtl: () => refuse('minimumTtl'),
    setPassword: () => refuse('password'),
    saveSyn: () => refuse('minimumTtl'),
    savedSynTtl: () => undefined,
  };
}
