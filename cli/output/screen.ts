import { once } from 'node:events';
import { styleText } from 'node:util';

/** A stream that may be a terminal. */
export type Output = NodeJS.WriteStream | NodeJS.WritableStream;

type Style = Parameters<typeof styleText>[0];

/** Back to the line's start, and the line away. */
const CLEAR_LINE = '\r\u001b[2K';

interface ScreenOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Standard output is for one JSON value: all that is for people goes to standard error. */
  readonly json: boolean;
  /** The terminal understands no escape sequences (TERM=dumb). */
  readonly isDumb?: boolean;
}

/** What a person sees: lines, and at most one line of progress that is drawn over. */
export class Screen {
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #people: Output;
  readonly #isDumb: boolean;
  #progress = '';

  constructor({ stdout, stderr, json, isDumb = false }: ScreenOptions) {
    this.#isDumb = isDumb;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#people = json ? stderr : stdout;
  }

  /** Whether a line of progress can be drawn. */
  get showsProgress(): boolean {
    return isTerminal(this.#stderr) && !this.#isDumb;
  }

  /** Whether a person reads what is said at a terminal, now. */
  get isRead(): boolean {
    return isTerminal(this.#people);
  }

  /** Width of the terminal in characters. */
  get columns(): number {
    return ('columns' in this.#stderr ? this.#stderr.columns : undefined) ?? 80;
  }

  /** Data: to standard output, as fast as its reader takes it. */
  async write(text: string): Promise<void> {
    if (!this.#stdout.write(text)) await once(this.#stdout, 'drain');
  }

  /** A line that is the answer to a person. */
  say(line = ''): void {
    this.#line(this.#people, line);
  }

  /** A line about what goes on, on standard error. */
  note(line: string): void {
    this.#line(this.#stderr, this.style('dim', line, this.#stderr));
  }

  /** Why the command cannot go on, on standard error, as `main` tells it. */
  fail(problem: string): void {
    this.#line(this.#stderr, `crawl: ${problem}`);
  }

  /** Draws the line of progress, where there is a terminal; an empty one takes it away. */
  progress(line: string): void {
    if (!this.showsProgress || line === this.#progress) return;
    this.#progress = line;
    this.#stderr.write(CLEAR_LINE + fitted(line, this.columns - 1));
  }

  /** Colours where there is a terminal that wants them (NO_COLOR, FORCE_COLOR are heard). */
  style(style: Style, text: string, output: Output = this.#people): string {
    if (!isStream(output) || this.#isDumb) return text;
    return styleText(style, text, { stream: output });
  }

  #line(output: Output, line: string): void {
    const shown = this.#progress;
    this.progress('');
    output.write(`${line}\n`);
    this.progress(shown);
  }
}

/** At most so many characters; a number is left out rather than cut, half of it would be a lie. */
function fitted(line: string, width: number): string {
  if (line.length <= width) return line;
  const end = Math.max(line.lastIndexOf(', ', width - 1), line.lastIndexOf('  ', width - 1));
  return end <= 0 ? line.slice(0, width) : `${line.slice(0, end)}…`;
}

function isTerminal(output: Output): boolean {
  return isStream(output) && output.isTTY === true;
}

function isStream(output: Output): output is NodeJS.WriteStream {
  return 'isTTY' in output;
}
