import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { FunctionSpec } from '../../local/functions/function-instance.ts';
import { LocalFunction } from '../../local/functions/local-function.ts';
import { freshFolder } from '../fresh-folder.ts';

/** Swallows what functions log, and keeps it as text. */
export class Log extends Writable {
  text = '';

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/**
 * What functions in threads tell and are told. A function has `tell(value)`, and `heard(word)`,
 * which waits until the test says that word.
 */
export class Wire {
  readonly name: string = randomUUID();
  readonly #channel = new BroadcastChannel(this.name);
  readonly #told: unknown[] = [];
  readonly #waiting: ((value: unknown) => void)[] = [];

  constructor() {
    onTestFinished(() => this.#channel.close());
    this.#channel.onmessage = (message) => {
      const { told } = Object(message).data;
      const next = this.#waiting.shift();
      if (next === undefined) this.#told.push(told);
      else next(told);
    };
  }

  /** The next thing that a function tells. */
  next(): Promise<unknown> {
    if (this.#told.length > 0) return Promise.resolve(this.#told.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** That many next things. */
  async take(count: number): Promise<readonly unknown[]> {
    return Promise.all(Array.from({ length: count }, () => this.next()));
  }

  /** What was told and not taken yet. */
  get untaken(): number {
    return this.#told.length;
  }

  say(word: string): void {
    this.#channel.postMessage({ word });
  }
}

const PREAMBLE = `
const channel = process.env.WIRE && new BroadcastChannel(process.env.WIRE);
const tell = (told) => channel.postMessage({ told });
const heard = (word) => new Promise((resolve) => {
  channel.addEventListener('message', ({ data }) => { if (data.word === word) resolve(); });
});
`;

/** A function whose handler's body is `body`; it has `event` and `context`. */
export async function writeFunction(
  body: string,
  overrides: Partial<FunctionSpec> = {},
  wire?: Wire,
): Promise<FunctionSpec> {
  const module = join(await freshFolder(), 'index.mjs');
  const handler = `export const handler = async (event, context) => {\n${body}\n};\n`;
  await writeFile(module, `${PREAMBLE}let calls = 0;\n${handler}`);
  const environment = { ...overrides.environment, ...(wire && { WIRE: wire.name }) };
  const usual = { name: 'tiny', handler: 'handler', memoryMb: 64, timeoutS: 20 };
  return { ...usual, ...overrides, module, environment };
}

/** A function that runs, ended with the test. */
export async function runFunction(
  body: string,
  overrides: Partial<FunctionSpec> = {},
  wire?: Wire,
): Promise<LocalFunction> {
  const running = new LocalFunction(await writeFunction(body, overrides, wire), new Log());
  onTestFinished(() => running.close());
  return running;
}
