import type { ServerResponse } from 'node:http';
import type { Behaviour } from './demo-routes.ts';
import { type Picture, readPicture } from './pictures.ts';

/** Answers one request, GET or HEAD; of an answer to HEAD Node sends the head only. */
export type DemoHandler = (response: ServerResponse) => void;

/** A behaviour with its picture read and a memory of its own. `slowMs` is the wait of a slow one. */
export async function demoHandler(behaviour: Behaviour, slowMs: number): Promise<DemoHandler> {
  switch (behaviour.kind) {
    case 'missing':
      return sendMissing;
    case 'moved':
      return (response) => send(response, 302, { Location: behaviour.location }, '');
    case 'text':
      return (response) =>
        send(response, 200, { 'Content-Type': behaviour.contentType }, behaviour.text);
    case 'picture':
      return picturing(await readPicture(behaviour.picture));
    case 'cut':
      return cutting(await readPicture(behaviour.picture));
    case 'slow':
      return delayed(picturing(await readPicture(behaviour.picture)), slowMs);
    case 'refused-once': {
      const { status, headers, picture } = behaviour;
      const refuse: DemoHandler = (response) => send(response, status, headers, 'not now\n');
      return firstThen(refuse, picturing(await readPicture(picture)));
    }
  }
}

/** The answer for a path that the site does not have. */
export function sendMissing(response: ServerResponse): void {
  send(response, 404, {}, 'no such picture\n');
}

function picturing({ contentType, bytes }: Picture): DemoHandler {
  return (response) => send(response, 200, { 'Content-Type': contentType }, bytes);
}

/** HEAD is safe (RFC 9110, section 9.2.1): it hears what a GET would, and uses nothing up. */
function firstThen(first: DemoHandler, then: DemoHandler): DemoHandler {
  let asked = false;
  return (response) => {
    const handler = asked ? then : first;
    asked ||= response.req.method === 'GET';
    handler(response);
  };
}

function delayed(handler: DemoHandler, delayMs: number): DemoHandler {
  return (response) => {
    const timer = setTimeout(() => handler(response), delayMs);
    // Who no longer waits must not keep the process alive.
    response.once('close', () => clearTimeout(timer));
  };
}

/** Announces the whole picture, sends half of it and hangs up. */
function cutting({ contentType, bytes }: Picture): DemoHandler {
  return (response) => {
    response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': bytes.length });
    if (response.req.method === 'HEAD') return void response.end();
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
