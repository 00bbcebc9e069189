import { lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CommandError } from '../exitCode.ts';

/** Octets that the system has room for in the path of a Unix socket (`sun_path`, with its final zero). */
const longestPath = process.platform === 'linux' ? 107 : 103;

/**
 * Where an engine listens for commands unless it is told otherwise: in the user's runtime directory
 * where there is one (it is private, and gone after the last log-out), else in a directory of the
 * user's own under /tmp.
 */
export function defaultSocketPath(
  environment: NodeJS.ProcessEnv = process.env,
  userId: number = userInfo().uid,
): string {
  const { XDG_RUNTIME_DIR: runtime } = environment;
  return runtime
    ? join(runtime, 'peerloom', 'control.sock')
    : join('/tmp', `peerloom-${userId}`, 'control.sock');
}

/**
 * The absolute path of a control socket whose directory exists. A directory that is missing is made for
 * its owner alone (mode 0700). Throws a `CommandError` where the path is too long, cannot be made, or
 * stands in a directory of somebody else's where others could put another socket in its place.
 */
export function prepareSocketPath(path: string): string {
  const absolute = resolve(path);
  if (Buffer.byteLength(absolute) > longestPath) {
    throw new CommandError(
      'ERR_PEERLOOM_CONTROL_PATH',
      `the path of the control socket has ${Buffer.byteLength(absolute)} octets, and the system has room for ${longestPath}: choose a shorter one than ${absolute}`,
    );
  }
  const directory = dirname(absolute);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { mode, uid } = lstatSync(directory);
    const own = userInfo().uid;
    // A sticky directory (/tmp) keeps others from removing or renaming what is ours.
    const othersWrite = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
    if (othersWrite || (uid !== own && uid !== 0)) {
      throw new CommandError(
        'ERR_PEERLOOM_CONTROL_PATH',
        `others may write into ${directory}, so the control socket would not be safe there: run chmod 700 ${directory} as its owner, or choose another place with --socket`,
      );
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      'ERR_PEERLOOM_CONTROL_PATH',
      `cannot use ${directory} for the control socket: ${(error as Error).message}. Make room or get the right to it, or choose another place with --socket`,
    );
  }
  return absolute;
}
