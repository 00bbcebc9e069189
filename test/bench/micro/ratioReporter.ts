import { DefaultReporter, type TestCase } from 'vitest/node';

/** Prints what each part takes for one of its units, and how many floors that is. */
export default class RatioReporter extends DefaultReporter {
  override onTestCaseResult(testCase: TestCase): void {
    super.onTestCaseResult(testCase);
    const { units } = testCase.meta();
    if (units === undefined) return;
    const { unit, count, floorName } = units;
    this.log(`\n${testCase.name}: nanoseconds per ${unit}`);
    for (const { tasks } of testCase.benchmarks()) {
      const floor = tasks.find(({ name }) => name === floorName)!;
      for (const { name, latency } of [floor, ...tasks.filter((task) => task !== floor)]) {
        const nanoseconds = ((latency.min * 1e6) / count).toFixed(1).padStart(9);
        const ratio = (latency.min / floor.latency.min).toFixed(1).padStart(7);
        this.log(`  ${name.padEnd(46)} ${nanoseconds} ${ratio} × floor`);
      }
    }
  }

  /** Vitest's own table has one round's time for each part, and no ratio. */
  protected override printBenchmarkTable(): void {}
}
