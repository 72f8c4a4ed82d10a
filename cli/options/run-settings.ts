import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import { MAX_HEADERS, runSettings } from '../../contract/run-settings.ts';
import { isPurpose, needsTdmRep, PURPOSES, type Purpose } from '../../core/model/purpose.ts';
import type { RequestHeader, RunSettings } from '../../core/model/run.ts';
import { parseHeader } from '../../core/visit/parse-header.ts';
import { CommandError } from '../command-error.ts';
import { readBytes, readCount, readMs, readPixels } from './amounts.ts';
import { readImages, type TypedImages } from './image-options.ts';
import { readMemory, type TypedMemory } from './memory-options.ts';
import type { ReadPages } from './page-settings.ts';

interface NumberKind {
  /** What is expected. */
  readonly unit: string;
  /** Another way to write it. */
  readonly like?: string;
  readonly read: (text: string) => number | undefined;
}

const COUNT: NumberKind = { unit: 'a whole number', read: readCount };
const TIME: NumberKind = { unit: 'milliseconds', like: 'a time like 10s or 2m', read: readMs };
const SIZE: NumberKind = { unit: 'bytes', like: 'a size like 5MB or 1GiB', read: readBytes };
const RATE: NumberKind = { unit: 'a number', read: readDecimal };
const AREA: NumberKind = { unit: 'pixels', like: 'a number like 250MP', read: readPixels };

/** Numbers that a person may choose, by the names of their settings. */
const NUMBERS = {
  attempts: { flag: '--attempts', kind: COUNT, usual: String(RUN_DEFAULTS.attempts) },
  timeoutMs: { flag: '--timeout', kind: TIME, usual: `${RUN_DEFAULTS.timeoutMs / 1000}s` },
  maxBytes: { flag: '--max-bytes', kind: SIZE, usual: `${RUN_DEFAULTS.maxBytes / 1e6}MB` },
  maxPixels: { flag: '--max-pixels', kind: AREA, usual: `${RUN_DEFAULTS.maxPixels / 1e6}MP` },
  minWidth: { flag: '--min-width', kind: COUNT, usual: String(RUN_DEFAULTS.minWidth) },
  minHeight: { flag: '--min-height', kind: COUNT, usual: String(RUN_DEFAULTS.minHeight) },
  minBytes: { flag: '--min-bytes', kind: SIZE, usual: String(RUN_DEFAULTS.minBytes) },
  perHost: { flag: '--per-host', kind: COUNT, usual: String(RUN_DEFAULTS.perHost) },
  delayMs: { flag: '--delay', kind: TIME, usual: String(RUN_DEFAULTS.delayMs) },
  ratePerS: { flag: '--rate', kind: RATE, usual: String(RUN_DEFAULTS.ratePerS) },
  maxCrawlDelayMs: {
    flag: '--max-crawl-delay',
    kind: TIME,
    usual: `${RUN_DEFAULTS.maxCrawlDelayMs / 1000}s`,
  },
  maxUrls: { flag: '--max-urls', kind: COUNT, usual: String(RUN_DEFAULTS.maxUrls) },
  maxTotalBytes: {
    flag: '--max-total-bytes',
    kind: SIZE,
    usual: String(RUN_DEFAULTS.maxTotalBytes),
  },
} as const satisfies Readonly<Record<string, { flag: string; kind: NumberKind; usual: string }>>;

type NumberName = keyof typeof NUMBERS;

/** Settings as they were typed; what is absent has its default. */
export interface TypedSettings
  extends Partial<Record<NumberName, string>>,
    TypedImages,
    TypedMemory {
  readonly userAgent?: string;
  readonly ignoreRobots?: boolean;
  readonly tdmrep?: boolean;
  readonly allowCredentialUrls?: boolean;
  readonly purpose?: readonly string[];
  readonly referer?: string;
  readonly header?: readonly string[];
  readonly perAddress?: boolean;
  readonly pages?: ReadPages;
}

/** What is taken when nothing is typed, as a person would type it. */
export function usualText(name: NumberName): string {
  return NUMBERS[name].usual;
}

/** Names the program and says that nobody can be asked about it, rather than inventing a contact. */
export function defaultUserAgent(version: string): string {
  return `image-crawler/${version} (+contact not set; see --user-agent)`;
}

/** Reads the settings of a run. @throws CommandError that tells every problem, each on a line */
export function readRunSettings(typed: TypedSettings, version: string): RunSettings {
  const problems: string[] = [];
  const number = (name: NumberName): number => {
    const text = typed[name] ?? usualText(name);
    const value = NUMBERS[name].kind.read(text);
    if (value === undefined || !runSettings.shape[name].safeParse(value).success)
      problems.push(`${NUMBERS[name].flag}: expected ${expected(name)}, got "${text}"`);
    return value ?? 0;
  };
  const userAgent = typed.userAgent ?? defaultUserAgent(version);
  if (!runSettings.shape.userAgent.safeParse(userAgent).success || userAgent.trim() === '')
    problems.push('--user-agent: expected printable ASCII');
  const mode = runSettings.shape.referer.safeParse(typed.referer ?? RUN_DEFAULTS.referer);
  if (!mode.success)
    problems.push(
      `--referer: expected ${runSettings.shape.referer.unwrap().options.join(', ')}, got "${typed.referer}"`,
    );
  const headers = readHeaders(typed.header ?? [], problems);
  const purposes = readPurposes(typed.purpose, problems);
  const settings: RunSettings = {
    attempts: number('attempts'),
    timeoutMs: number('timeoutMs'),
    maxBytes: number('maxBytes'),
    maxPixels: number('maxPixels'),
    minWidth: number('minWidth'),
    minHeight: number('minHeight'),
    minBytes: number('minBytes'),
    ...readImages(typed, problems),
    perHost: number('perHost'),
    delayMs: number('delayMs'),
    ratePerS: number('ratePerS'),
    perAddress: typed.perAddress ?? false,
    maxUrls: number('maxUrls'),
    maxTotalBytes: number('maxTotalBytes'),
    maxRedirects: RUN_DEFAULTS.maxRedirects,
    userAgent,
    referer: mode.data,
    headers: headers.length > 0 ? headers : undefined,
    ignoreRobots: typed.ignoreRobots ?? false,
    purposes,
    tdmRep: wantsTdmRep(typed, purposes) ? true : undefined,
    maxCrawlDelayMs: typed.maxCrawlDelayMs === undefined ? undefined : number('maxCrawlDelayMs'),
    credentialUrls: typed.allowCredentialUrls,
    memory: readMemory(typed, problems),
    pages: typed.pages?.kind === 'settings' ? typed.pages.pages : undefined,
  };
  if (settings.maxBytes > 0 && settings.minBytes > settings.maxBytes)
    problems.push(`--min-bytes: expected at most --max-bytes, which is ${settings.maxBytes}`);
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

/** Each once, in the order of `PURPOSES`; all of them where none is given. */
function readPurposes(names: readonly string[] = PURPOSES, problems: string[]): readonly Purpose[] {
  for (const name of names) {
    if (!isPurpose(name))
      problems.push(`--purpose: expected ${PURPOSES.join(', ')}, got "${name}"`);
  }
  return PURPOSES.filter((purpose) => names.includes(purpose));
}

function readDecimal(text: string): number | undefined {
  return /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : undefined;
}

function expected(name: NumberName): string {
  const limits = runSettings.shape[name];
  const { minValue, maxValue } = 'unwrap' in limits ? limits.unwrap() : limits;
  const most = maxValue === Number.MAX_SAFE_INTEGER ? '' : ` to ${maxValue}`;
  const { unit, like }: NumberKind = NUMBERS[name].kind;
  return `${unit} from ${minValue}${most}${like === undefined ? '' : `, or ${like}`}`;
}

/**
 * One more request for each host, and few hosts have the file: only where --tdmrep asks for it, or a
 * declared purpose can be reserved by it. The default, all purposes, is not declared.
 */
function wantsTdmRep({ tdmrep, purpose }: TypedSettings, purposes: readonly Purpose[]): boolean {
  return tdmrep ?? (purpose !== undefined && needsTdmRep(purposes));
}
