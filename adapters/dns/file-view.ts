import { readFileSync, statSync } from 'node:fs';

/** How often a file is checked for a change, at most, in milliseconds. */
export const CHECK_MS = 5000;

/**
 * What a small file of the system says, parsed again when the file has changed. A file that is
 * missing or unreadable counts as empty. It is read in the calling thread: a check takes
 * microseconds, and libuv's pool may be full of look-ups by the system.
 */
export class FileView<T> {
  readonly #path: string;
  readonly #parse: (text: string) => T;
  readonly #now: () => number;
  #value: T;
  #version: string;
  #checkAtMs: number;

  constructor(path: string, parse: (text: string) => T, now: () => number) {
    this.#path = path;
    this.#parse = parse;
    this.#now = now;
    this.#version = versionOf(path);
    this.#value = parse(textOf(path));
    this.#checkAtMs = now() + CHECK_MS;
  }

  read(): T {
    const now = this.#now();
    if (now < this.#checkAtMs) return this.#value;
    this.#checkAtMs = now + CHECK_MS;
    const version = versionOf(this.#path);
    if (version !== this.#version) {
      this.#version = version;
      this.#value = this.#parse(textOf(this.#path));
    }
    return this.#value;
  }
}

function versionOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
