import { MrtError } from '@peerloom/mrt';
import { LoadError } from '../loadError.ts';

/** An error met in reading a file of routes as one of the load tester, with the file's name; any other as it is. */
export function fileError(file: string, error: unknown): unknown {
  if (error instanceof MrtError) {
    const where = error.message.startsWith(file) ? '' : `${file}: `;
    return new LoadError('ERR_LOAD_ROUTES', `${where}${error.message}`, { cause: error });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof LoadError || typeof code !== 'string') return error;
  return new LoadError('ERR_LOAD_ROUTES', `cannot read ${file}: ${message}`, { cause: error });
}
