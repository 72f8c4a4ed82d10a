import { createConnection } from 'node:net';
import { CommandError } from '../command-error.ts';
import { errorCode, messageOfCode } from '../deployment/system-error.ts';
import { EXIT } from '../exit-code.ts';

/** A server that has not accepted a connection by then is taken to be away, in milliseconds. */
const CONNECT_MS = 5000;

/** Refuses an `--endpoint` that nobody listens at. @throws CommandError naming the option */
export async function checkEndpoint(endpoint: string | undefined): Promise<void> {
  if (endpoint === undefined) return;
  const { protocol, hostname, port } = new URL(endpoint);
  const usualPort = protocol === 'https:' ? 443 : 80;
  const host = hostname.replace(/^\[|\]$/g, '');
  const problem = await connect(host, port === '' ? usualPort : Number(port));
  if (problem !== undefined)
    throw new CommandError(
      `--endpoint: cannot connect to ${endpoint}: ${problem}`,
      EXIT.couldNotEnd,
    );
}

function connect(host: string, port: number): Promise<string | undefined> {
  return new Promise((settle) => {
    const socket = createConnection({ host, port, timeout: CONNECT_MS });
    const end = (problem?: string) => {
      socket.destroy();
      settle(problem);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`no answer for ${CONNECT_MS / 1000} s`));
    socket.once('error', (error) => end(messageOfCode(errorCode(error) ?? error.message)));
  });
}
