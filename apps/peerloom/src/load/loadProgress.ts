import type { LoadProgress } from '@peerloom/load';
import type { ProgressTarget } from '../demo/progress.ts';

const width = 20;

/** Shows how far a load test is: a bar a phase on a terminal, nothing elsewhere. */
export class LoadProgressBar {
  readonly #target: ProgressTarget;
  #phase = 0;
  #drawn = false;

  constructor(target: ProgressTarget) {
    this.#target = target;
  }

  /** What is being prepared. */
  step(text: string): void {
    this.#draw(`${text} ...`);
  }

  /** Draws the bar anew. */
  show(progress: LoadProgress): void {
    if (this.#target.isTTY !== true) return;
    const { phase, number, phases, seconds, done, established, speakers, held, wanted } = progress;
    if (number !== this.#phase && this.#phase > 0) this.#target.write('\n');
    this.#phase = number;
    const filled = Math.floor(done * width);
    const bar = '#'.repeat(filled) + '.'.repeat(width - filled);
    const routes = wanted > 0 ? ` ${held}/${wanted} routes` : '';
    const rates = `${progress.updatesSent}/s out ${progress.updatesReceived}/s in`;
    this.#draw(
      `${number}/${phases} ${phase.padEnd(9)} [${bar}] ${seconds.toFixed(1)} s ${established}/${speakers} up${routes} ${rates}`,
    );
  }

  /** Leaves the line that is drawn. */
  end(): void {
    if (this.#drawn) this.#target.write('\n');
    this.#drawn = false;
  }

  #draw(line: string): void {
    if (this.#target.isTTY !== true) return;
    // A line that wraps could not be drawn over.
    const shown = line.slice(0, (this.#target.columns ?? 80) - 1);
    this.#target.write(`\r\u{1b}[K${shown}`);
    this.#drawn = true;
  }
}
