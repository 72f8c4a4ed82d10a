import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server of pictures in a process of its own, so that its cost is nobody else's. */
export interface PictureServer {
  readonly origins: readonly string[];
  stop(): void;
}

/** Starts it, and resolves when it serves that many pictures, and pages that show them. */
export async function startPictureServer(count: number, pages = 0): Promise<PictureServer> {
  const script = join(import.meta.dirname, 'picture-server.ts');
  const child = spawn(process.execPath, [script, String(count), String(pages)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { origins: JSON.parse(line).origins, stop: () => child.stdin.end() };
}
