import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Questions } from '../src/questions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a host is asked with a patience of ten seconds, of which it has answered the first. */
async function asked(): Promise<{
  readonly questions: Questions;
  readonly onSilent: ReturnType<typeof vi.fn<() => void>>;
}> {
  const onSilent = vi.fn<() => void>();
  const questions = new Questions(10_000, onSilent);
  await questions.ask(async () => 'I am here');
  return { questions, onSilent };
}

const never = (): Promise<never> => new Promise(() => {});

describe('a host is silent', () => {
  it('when it has answered nothing for as long as it may, and not before', async () => {
    const { questions, onSilent } = await asked();
    await vi.advanceTimersByTimeAsync(60_500);
    void questions.ask(never);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onSilent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onSilent).toHaveBeenCalledTimes(1);
  });

  it('not while it is asked nothing', async () => {
    const { onSilent } = await asked();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('not while it answers something, or refuses it', async () => {
    const { questions, onSilent } = await asked();
    void questions.ask(never);
    for (let time = 0; time < 60; time += 9) {
      const answer =
        time % 2 === 0 ? Promise.resolve('yes') : Promise.reject<string>(new Error('no'));
      await Promise.allSettled([questions.ask(() => answer)]);
      await vi.advanceTimersByTimeAsync(9_000);
    }
    expect(onSilent).not.toHaveBeenCalled();
    // Nine seconds have gone by since the last answer, and the time until the next look is granted twice.
    await vi.advanceTimersByTimeAsync(3_000);
    expect(onSilent).toHaveBeenCalledTimes(1);
  });

  it('not before its first answer: it is still starting', async () => {
    const onSilent = vi.fn<() => void>();
    void new Questions(10_000, onSilent).ask(never);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('never, if it may take as long as it likes', async () => {
    vi.useRealTimers();
    const onSilent = vi.fn<() => void>();
    const questions = new Questions(Number.POSITIVE_INFINITY, onSilent);
    await questions.ask(async () => 'I am here');
    const answer = questions.ask(() => new Promise((resolve) => setTimeout(resolve, 100, 'late')));
    expect(await answer).toBe('late');
    expect(onSilent).not.toHaveBeenCalled();
    questions.fail(new Error('the test is over'));
  });

  it('not because this thread has stood still: the answers wait to be read', async () => {
    const onSilent = vi.fn<() => void>();
    vi.useRealTimers();
    const questions = new Questions(100, onSilent);
    await questions.ask(async () => 'I am here');
    const answer = questions.ask(() => new Promise((resolve) => setImmediate(resolve, 'late')));
    const until = performance.now() + 200;
    while (performance.now() < until);
    expect(await answer).toBe('late');
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('no longer when it is dead: all that was asked fails for that reason', async () => {
    const { questions, onSilent } = await asked();
    const reason = new Error('the worker is gone');
    const answers = [questions.ask(never), questions.ask(never)];
    questions.fail(reason);
    for (const answer of answers) await expect(answer).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onSilent).not.toHaveBeenCalled();
  });
});
