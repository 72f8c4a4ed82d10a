import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The version that the check was written against. */
const MOTO = 'moto[server]==5.2.5';

/** A server of AWS APIs that is not ours, or why there is no such server here. */
export type Moto =
  | {
      readonly kind: 'running';
      /** By name: with an address moto does not know its own buckets in URLs. */
      readonly url: string;
      /** Runs a line of Python with boto3 against the server. */
      python(line: string): Promise<string>;
      stop(): Promise<void>;
    }
  | { readonly kind: 'absent'; readonly why: string };

/** Installs moto below a folder and starts it. */
export async function startMoto(folder: string): Promise<Moto> {
  const venv = join(folder, 'venv');
  if (!(await succeeds('python3', '-m', 'venv', venv)))
    return { kind: 'absent', why: 'there is no python3 with venv' };
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', MOTO];
  const python = join(venv, 'bin', 'python');
  if (!(await succeeds(python, ...pip))) return { kind: 'absent', why: `pip does not get ${MOTO}` };
  const server = spawn(join(venv, 'bin', 'moto_server'), ['-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  });
  const port = await portOf(server);
  if (port === undefined) return { kind: 'absent', why: 'moto_server does not start' };
  const url = `http://localhost:${port}`;
  return {
    kind: 'running',
    url,
    python: (line) => output(python, ['-c', `import boto3\n${line}`], { AWS_ENDPOINT_URL: url }),
    stop: async () => {
      server.kill();
      await once(server, 'close');
    },
  };
}

/** Credentials of nobody, and where the server is. */
export function environmentOf(url: string): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: url,
    // Nothing of the person who runs this.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

async function succeeds(command: string, ...args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** What a command prints. @throws with what it says when it fails */
export async function output(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const url = environment['AWS_ENDPOINT_URL'] ?? '';
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'],
      CI: 'true',
      NO_COLOR: '1',
      ...environmentOf(url),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [told, complaint] = ['', ''];
  child.stdout.on('data', (data) => {
    told += data;
  });
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${complaint}`);
  return told;
}

async function portOf(server: ChildProcess): Promise<string | undefined> {
  if (server.stderr === null) return undefined;
  for await (const line of createInterface({ input: server.stderr })) {
    const port = /Running on http:\/\/[\d.]+:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    server.stderr.resume();
    return port;
  }
  return undefined;
}
