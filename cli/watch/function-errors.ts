import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { shortened } from '../report/caption.ts';
import type { ErrorSource } from './error-source.ts';
import type { ErrorRow } from './watch-state.ts';

/** Bytes of a log that one look reads: what is longer is passed over, its end is read. */
const MAX_READ_BYTES = 256 * 1024;
/** Errors that are told apart. */
const MAX_ERRORS = 50;
/** Hosts that are remembered as paused lately. */
const MAX_PAUSED = 100;

const text = z.string().catch('');
const line = z.object({
  level: text,
  message: text,
  timestamp: text,
  runId: z.string().optional(),
  runIds: z.array(z.string()).optional(),
  host: z.string().optional(),
  error: z
    .union([z.string(), z.object({ name: text, message: text, location: text, stack: text })])
    .optional(),
});

type Line = z.output<typeof line>;

interface KnownError extends ErrorRow {
  times: number;
  last: string;
}

/** Follows the logs of the functions on this machine: their errors, and hosts that were paused. */
export class FunctionErrors implements ErrorSource {
  readonly #folder: string;
  readonly #runId: string;
  readonly #positions = new Map<string, number>();
  readonly #errors = new Map<string, KnownError>();
  readonly #paused = new Set<string>();

  constructor(folder: string, runId: string) {
    this.#folder = folder;
    this.#runId = runId;
  }

  /** Reads what was written since the last time, at most 256 KiB of each log. */
  async read(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) if (name.endsWith('.log')) await this.#readLog(name);
  }

  /** The latest first. */
  rows(limit: number): readonly ErrorRow[] {
    return [...this.#errors.values()]
      .toSorted((a, b) => (a.last < b.last ? 1 : -1))
      .slice(0, limit)
      .map(({ message, where, source, times, last }) => {
        return { message, where, source, count: String(times), lastAt: last.slice(11, 19) };
      });
  }

  /** Hosts that a worker has paused, the latest last. */
  get pausedHosts(): readonly string[] {
    return [...this.#paused];
  }

  async #readLog(name: string): Promise<void> {
    const file = await open(join(this.#folder, name)).catch(() => undefined);
    if (file === undefined) return;
    try {
      for (const one of await this.#newLines(name, file)) this.#take(one, name.slice(0, -4));
    } finally {
      await file.close();
    }
  }

  async #newLines(name: string, file: FileHandle): Promise<readonly string[]> {
    const { size } = await file.stat();
    const known = this.#positions.get(name) ?? 0;
    // A log that has become shorter was begun again.
    const from = Math.max(known <= size ? known : 0, size - MAX_READ_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const whole = buffer.subarray(0, bytesRead);
    const end = whole.lastIndexOf(0x0a) + 1; // the last line may still be written
    this.#positions.set(name, from + end);
    return whole.subarray(0, end).toString().split('\n');
  }

  #take(textOfLine: string, source: string): void {
    if (!textOfLine.startsWith('{"level":')) return;
    const read = parsed(textOfLine);
    if (read === undefined || !this.#isOfRun(read)) return;
    if (read.message === 'host is paused' && read.host !== undefined) {
      this.#paused.delete(read.host);
      this.#paused.add(read.host);
      const [oldest] = this.#paused;
      if (this.#paused.size > MAX_PAUSED && oldest !== undefined) this.#paused.delete(oldest);
    }
    if (read.level === 'ERROR') this.#addError(read, source);
  }

  #isOfRun({ runId, runIds }: Line): boolean {
    const ids = runId === undefined ? (runIds ?? []) : [runId];
    return ids.length === 0 || ids.includes(this.#runId);
  }

  #addError({ message, timestamp, error }: Line, source: string): void {
    const said = typeof error === 'string' ? error : (error?.message ?? '');
    const told = shortened(said === '' ? message : said, 300);
    const where = typeof error === 'object' ? placeOf(error) : '';
    const key = `${source} ${where} ${told}`;
    const known = this.#errors.get(key);
    if (known !== undefined) {
      known.times += 1;
      known.last = timestamp;
      return;
    }
    const row = { message: told, where, source, count: '1', lastAt: timestamp };
    this.#errors.set(key, { ...row, times: 1, last: timestamp });
    const [oldest] = this.#errors.keys();
    if (this.#errors.size > MAX_ERRORS && oldest !== undefined) this.#errors.delete(oldest);
  }
}

/** File and line: what the log says, or the first line of the stack that names a source. */
function placeOf({ location, stack }: { readonly location: string; readonly stack: string }) {
  const place =
    location === '' ? (/\(?((?:\/|file:)\S+:\d+:\d+)\)?/.exec(stack)?.[1] ?? '') : location;
  return shortened(place, 200);
}

function parsed(json: string): Line | undefined {
  try {
    return line.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined; // not JSON: what a person's own code printed
  }
}
