/**
 * How long a peer that keeps failing is held in Idle (DampPeerOscillations, RFC 4271 §8.1.1): not at
 * all after the first failure, then a time that doubles with each failure up to a maximum. A stable
 * session, or an operator's start, wipes the slate clean.
 */
export class OscillationDamping {
  /** Failures in a row. */
  failures = 0;

  /** Counts a failure; returns the milliseconds to be held in Idle: 0, then `first`, doubling up to `maximum`. */
  fail(first: number, maximum: number): number {
    this.failures += 1;
    if (this.failures === 1) return 0;
    return Math.min(first * 2 ** (this.failures - 2), maximum);
  }

  /** A session of `uptime` milliseconds has ended; one that lasted `stable` was no oscillation. */
  sessionLasted(uptime: number, stable: number): void {
    if (uptime >= stable) this.clear();
  }

  clear(): void {
    this.failures = 0;
  }
}
