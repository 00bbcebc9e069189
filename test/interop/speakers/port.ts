import { createServer } from 'node:net';

/** Ports that this process was given: who asked for one may not listen on it yet. */
const given = new Set<number>();

/** A port that nobody listened on at `address` a moment ago, and that nobody in this process was given before. */
export async function freePort(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if (given.has(port)) return await freePort(address);
  given.add(port);
  return port;
}
