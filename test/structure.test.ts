import { version } from '@peerloom/wire';
import { expect, it } from 'vitest';

it('resolves a package to its source', () => {
  expect(version).toBe('0.1.0');
});
