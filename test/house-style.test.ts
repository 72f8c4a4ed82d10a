import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../local/project.ts';

const LAYERS = ['core', 'contract', 'adapters', 'lambdas', 'infra', 'local', 'cli'] as const;
const ALL = `{${[...LAYERS, 'bench', 'test'].join(',')}}/**/*.{ts,js,cjs}`;
const HERE = 'test/house-style.test.ts';

function files(...patterns: readonly string[]): readonly string[] {
  return globSync(patterns, { cwd: PROJECT }).filter((file) => file !== HERE);
}

const textOf = (file: string) => readFileSync(join(PROJECT, file), 'utf8');

/** Code without comments; what a string says stays. */
const codeOf = (file: string) => textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** Lines of texts that match, with their places. */
function linesWith(pattern: RegExp, named: readonly string[]): readonly string[] {
  return named.flatMap((file) => {
    const lines = textOf(file).split('\n');
    return lines.flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}`] : []));
  });
}

/** Words that had another meaning here than in the field, and what says it. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bcondemn|\bGUILTY|\bbeget/i, 'deadLetter, MAX_ISOLATED_CRASHES, make'],
  [/keeps the peace/i, 'one worker per host group'],
  [/needs of the world/i, 'dependencies of'],
  [/we or AWS broke/i, 'rejects on infrastructure errors'],
  [/\bHostMood\b|\bGOOD_MOOD\b/, 'CircuitState, CLOSED'],
  [/\bRobotsDoor\b|\bleaveFor\b/, 'RobotsPolicy, check'],
  [/\bdoubtEnds\b|\btrustEnds\b/, 'failResetStreams, stop'],
  [/\bwho asks\b/, 'the caller, User-Agent'],
  [/for what may pass\b/i, 'attempts for transient failures'],
  [/half of the last tries/i, 'median'],
  [/\bin the place of\b/i, 'instead of'],
  [/\bamid\b/i, 'halfway, during'],
  [/\banew\b/i, 'again'],
  [/(?<!\b[Tt]here )\b(?:is|are) none\b/, 'is not one, there is no'],
  [/\ball else\b|\bElse it\b|, else\b/, 'everything else, otherwise'],
  [/\bgone on with\b|\bat hand\b/, 'resumed, in memory'],
];

describe('plain words', () => {
  const texts = files(ALL, '*.md', 'docs/**/*.md');
  it.each(WORDS)('%s: say %s', (pattern) => {
    expect(linesWith(pattern, texts)).toEqual([]);
  });
});

describe('a literal', () => {
  /** `...{ a }`, and `...[a]` but where a method of the list is called. */
  const spread = /\.\.\.\{|\.\.\.\[[^[\]]*\](?!\s*\.)/g;

  it('is written out and not spread', () => {
    const wrong = files(ALL).flatMap((file) =>
      [...codeOf(file).matchAll(spread)].map(([text]) => `${file}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** Keys, items and messages of a request; bytes of messages and items; longest delays. */
const SIZES_OF_AWS: ReadonlySet<number> = new Set([
  10,
  25,
  98,
  100,
  25_000,
  60 * 1024,
  256 * 1024,
  400 * 1024,
  15 * 60 * 1000,
  12 * 60 * 60 * 1000,
]);

/** Sizes of the crawler's own that happen to be the same. */
const OWN_SIZES: readonly string[] = [
  'core/hosts/back-off.ts: MAX_BACK_OFF_MS',
  'core/links/link-header.ts: MAX_LINKS',
  'core/rights/rsl.ts: MAX_RSL_BYTES',
  'core/seed/seed-window.ts: WINDOW_LINES',
  'core/visit/hook-files.ts: MAX_FILES',
  'core/worker/batch-writer.ts: HURRY_MS',
  'core/worker/index-group.ts: MAX_ASKED',
  'core/worker/run-watch.ts: MAX_RUNS',
];

/** The value of a product of numbers, as `60 * 1024`. */
function productOf(text: string): number {
  return text
    .split('*')
    .reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
}

describe('core', () => {
  it('names no service of AWS in its code and comments', () => {
    const services = /\b(?:SQS|Sqs|FIFO|DynamoDB|Dynamo|S3|Lambda|AWS|CloudWatch)\w*\b/;
    // A string may name what sites use, as a form of signed URLs.
    const named = (file: string) => services.test(textOf(file).replaceAll(/'[^'\n]*'/g, "''"));
    expect(files('core/**/*.ts').filter(named)).toEqual([]);
  });

  it('has no size of AWS for a size of its own', () => {
    const constants = files('core/**/*.ts').flatMap((file) =>
      [...textOf(file).matchAll(/^(?:export )?const (\w+) = ([\d_ *]+);/gm)].map(
        ([, name = '', value = '']) => ({ file, name, value: productOf(value) }),
      ),
    );
    expect(constants.length).toBeGreaterThan(50);
    const wrong = constants.filter(({ value }) => SIZES_OF_AWS.has(value));
    expect(wrong.map(({ file, name }) => `${file}: ${name}`).toSorted()).toEqual(OWN_SIZES);
  });
});

describe('a file of the product', () => {
  it('has at most 250 lines', () => {
    const product = files(`{${[...LAYERS, 'bench'].join(',')}}/**/*.{ts,js,cjs}`);
    const long = product.filter((file) => textOf(file).trimEnd().split('\n').length > 250);
    expect(product.length).toBeGreaterThan(500);
    expect(long).toEqual([]);
  });
});

describe('a folder of a layer', () => {
  /** Layers whose files are all in rooms, and those rooms. */
  const ROOMS: Readonly<Record<string, readonly string[]>> = {
    core: [
      'cookies',
      'duplicates',
      'frontier',
      'hosts',
      'links',
      'memory',
      'model',
      'policies',
      'ports',
      'rights',
      'robots',
      'seed',
      'visit',
      'worker',
    ],
    lambdas: ['dead-letter', 'deferral', 'finisher', 'fleet', 'seeder', 'worker'],
  };
  /** Shared by all functions. */
  const SHARED = ['bytes-in.ts', 'environment-credentials.ts', 'light-http.cjs'];

  it.each(Object.entries(ROOMS))('%s has these rooms: %j', (layer, rooms) => {
    const names = readdirSync(join(PROJECT, layer)).filter((name) => !SHARED.includes(name));
    expect(names.toSorted()).toEqual(rooms);
  });

  it('has its tests in a folder of its name', () => {
    const rooms = ROOMS['core'] ?? [];
    const tests = readdirSync(join(PROJECT, 'test', 'core'), { withFileTypes: true });
    const folders = tests.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((name) => !rooms.includes(name))).toEqual([]);
  });
});
