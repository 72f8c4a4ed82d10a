import { MAX_HEADERS, referer, runSettings } from '../contract/items.ts';
import { USUAL } from '../contract/run-defaults.ts';
import { parseHeader } from '../core/parse-header.ts';
import type { RequestHeader, RunSettings } from '../core/run.ts';
import { CommandError } from './command-error.ts';
import type { ReadPages } from './page-settings.ts';

/** Numbers that a person may choose, by the names of their settings. */
const NUMBERS = {
  attempts: { flag: '--attempts', unit: 'a whole number' },
  timeoutMs: { flag: '--timeout', unit: 'milliseconds' },
  maxBytes: { flag: '--max-bytes', unit: 'bytes' },
  maxPixels: { flag: '--max-pixels', unit: 'pixels' },
  perHost: { flag: '--per-host', unit: 'a whole number' },
  delayMs: { flag: '--delay', unit: 'milliseconds' },
  maxUrls: { flag: '--max-urls', unit: 'a whole number' },
  maxTotalBytes: { flag: '--max-total-bytes', unit: 'bytes' },
} as const;

type NumberName = keyof typeof NUMBERS;

/** Settings as they were typed; what is absent has its default. */
export interface TypedSettings extends Partial<Record<NumberName, string>> {
  readonly userAgent?: string;
  readonly ignoreRobots?: boolean;
  readonly referer?: string;
  readonly header?: readonly string[];
  readonly pages?: ReadPages;
}

/** What is taken when nothing is typed. */
export function usualNumber(name: NumberName): string {
  return String(USUAL[name]);
}

/** Names the program and says that nobody can be asked about it, rather than inventing a contact. */
export function defaultUserAgent(version: string): string {
  return `image-crawler/${version} (+contact not set; see --user-agent)`;
}

/** Reads the settings of a run. @throws CommandError that tells every problem, each on a line */
export function readRunSettings(typed: TypedSettings, version: string): RunSettings {
  const problems: string[] = [];
  const number = (name: NumberName): number => {
    const text = typed[name] ?? usualNumber(name);
    const value = wholeNumber(text);
    if (value === undefined || !runSettings.shape[name].safeParse(value).success)
      problems.push(`${NUMBERS[name].flag}: expected ${expected(name)}, got "${text}"`);
    return value ?? 0;
  };
  const userAgent = typed.userAgent ?? defaultUserAgent(version);
  if (!runSettings.shape.userAgent.safeParse(userAgent).success || userAgent.trim() === '')
    problems.push('--user-agent: expected printable ASCII');
  const mode = referer.safeParse(typed.referer ?? USUAL.referer);
  if (!mode.success)
    problems.push(`--referer: expected ${referer.options.join(', ')}, got "${typed.referer}"`);
  const headers = readHeaders(typed.header ?? [], problems);
  const settings: RunSettings = {
    ...{ attempts: number('attempts'), timeoutMs: number('timeoutMs') },
    ...{ maxBytes: number('maxBytes'), maxPixels: number('maxPixels') },
    ...{ perHost: number('perHost'), delayMs: number('delayMs') },
    ...{ maxUrls: number('maxUrls'), maxTotalBytes: number('maxTotalBytes') },
    ...{ maxRedirects: USUAL.maxRedirects, userAgent },
    referer: mode.data,
    ...(headers.length > 0 && { headers }),
    ignoreRobots: typed.ignoreRobots ?? false,
    ...(typed.pages?.kind === 'settings' ? { pages: typed.pages.pages } : {}),
  };
  if (typed.pages?.kind === 'problems') problems.push(...typed.pages.problems);
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  return settings;
}

/** Problems are told without the text that was typed: it may hold a secret. */
function readHeaders(texts: readonly string[], problems: string[]): readonly RequestHeader[] {
  const headers: RequestHeader[] = [];
  for (const text of texts) {
    const parsed = parseHeader(text);
    if (parsed.kind === 'header') headers.push(parsed.header);
    else problems.push(`--header: ${parsed.problem}`);
  }
  if (headers.length > MAX_HEADERS)
    problems.push(`--header: expected at most ${MAX_HEADERS}, got ${headers.length}`);
  return headers;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function expected(name: NumberName): string {
  const { minValue, maxValue } = runSettings.shape[name];
  const most = maxValue === Number.MAX_SAFE_INTEGER ? '' : ` to ${maxValue}`;
  return `${NUMBERS[name].unit} from ${minValue}${most}`;
}
