/**
 * Which machine a peer follows in the few cells where the two differ:
 * `rfc4271` is RFC 4271 §8.2.2 to the letter, `classic` is what deployed routers do.
 */
export type FsmProfile = 'classic' | 'rfc4271';
