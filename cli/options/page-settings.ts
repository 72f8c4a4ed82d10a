import { type Command, Option } from 'commander';
import * as z from 'zod';
import { parsePattern } from '../../adapters/links/url-pattern.ts';
import { PAGE_DEFAULTS } from '../../contract/run-defaults.ts';
import { pageSettings } from '../../contract/run-settings.ts';
import type { PageSettings } from '../../core/model/run.ts';

const SCOPES = pageSettings.shape.scope.options;

/** Options of `crawl run --pages`, as they were typed. */
export const pageOptions = z.object({
  pages: z.boolean().default(false),
  depth: z.string().optional(),
  maxPages: z.string().optional(),
  maxChain: z.string().optional(),
  scope: z.enum(SCOPES).optional(),
  imageScope: z.enum(SCOPES).optional(),
  include: z.array(z.string()).optional(),
  exclude: z.array(z.string()).optional(),
  best: z.boolean().optional(),
  sitemaps: z.boolean().default(true),
});

/** Options of `crawl run --pages`, as they were typed. */
export type TypedPages = z.output<typeof pageOptions>;

/** Adds `--pages` and what belongs to it. */
export function addPageOptions(command: Command): Command {
  return command
    .option('--pages', 'the URLs are pages or sitemaps: find images in them, follow links')
    .option(
      '--depth <n>',
      `with --pages: links followed from a page (default: ${PAGE_DEFAULTS.depth})`,
    )
    .option('--max-pages <n>', `with --pages: most pages (default: ${PAGE_DEFAULTS.maxPages})`)
    .option(
      '--max-chain <n>',
      `with --pages: links in a row whose addresses differ in numbers only (default: ${PAGE_DEFAULTS.maxChain})`,
    )
    .addOption(
      new Option(
        '--scope <scope>',
        `with --pages: which pages (default: ${PAGE_DEFAULTS.scope})`,
      ).choices(SCOPES),
    )
    .addOption(
      new Option(
        '--image-scope <scope>',
        `with --pages: images from where (default: ${PAGE_DEFAULTS.imageScope})`,
      ).choices(SCOPES),
    )
    .option(
      '--include <pattern>',
      'with --pages: only pages that match a glob or /regular expression/; may be repeated',
      together,
    )
    .option(
      '--exclude <pattern>',
      'with --pages: no pages and images that match it; may be repeated',
      together,
    )
    .option('--best', 'with --pages: of an image in several sizes only the largest')
    .option('--no-sitemaps', 'with --pages: do not read sitemaps that nobody named');
}

/** Not several patterns behind one flag: they would take what follows, the URL of the page. */
function together(pattern: string, before: readonly string[] = []): readonly string[] {
  return [...before, pattern];
}

/** What is typed of pages, read; or what is wrong with it, each problem a line. */
export type ReadPages =
  | { readonly kind: 'settings'; readonly pages: PageSettings | undefined }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Reads the settings of pages. */
export function readPageSettings(typed: TypedPages): ReadPages {
  const problems = typed.pages ? problemsOf(typed) : strayOptions(typed);
  if (problems.length > 0) return { kind: 'problems', problems };
  if (!typed.pages) return { kind: 'settings', pages: undefined };
  const pages = {
    depth: Number(typed.depth ?? PAGE_DEFAULTS.depth),
    scope: typed.scope ?? PAGE_DEFAULTS.scope,
    imageScope: typed.imageScope ?? PAGE_DEFAULTS.imageScope,
    include: typed.include ?? [],
    exclude: typed.exclude ?? [],
    maxPages: Number(typed.maxPages ?? PAGE_DEFAULTS.maxPages),
    maxChain: Number(typed.maxChain ?? PAGE_DEFAULTS.maxChain),
    best: typed.best ?? false,
    sitemaps: typed.sitemaps,
  };
  return { kind: 'settings', pages };
}

function strayOptions(typed: TypedPages): readonly string[] {
  const flags = {
    '--depth': typed.depth,
    '--max-pages': typed.maxPages,
    '--scope': typed.scope,
    '--max-chain': typed.maxChain,
    '--image-scope': typed.imageScope,
    '--include': typed.include,
    '--exclude': typed.exclude,
    '--best': typed.best,
    '--no-sitemaps': typed.sitemaps ? undefined : true,
  };
  return Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [`${flag} goes with --pages`],
  );
}

function problemsOf({
  depth,
  maxPages,
  maxChain,
  include = [],
  exclude = [],
}: TypedPages): readonly string[] {
  const patterns = [
    ...include.map((pattern) => ['--include', pattern] as const),
    ...exclude.map((pattern) => ['--exclude', pattern] as const),
  ];
  return [
    ...numberProblem('depth', '--depth', depth),
    ...numberProblem('maxPages', '--max-pages', maxPages),
    ...numberProblem('maxChain', '--max-chain', maxChain),
    ...patterns.flatMap(([flag, pattern]) => {
      const parsed = parsePattern(pattern);
      return parsed.kind === 'pattern' ? [] : [`${flag} ${pattern}: ${parsed.problem}`];
    }),
  ];
}

function numberProblem(
  name: 'depth' | 'maxPages' | 'maxChain',
  flag: string,
  text: string | undefined,
): readonly string[] {
  const schema = pageSettings.shape[name];
  if (text === undefined) return [];
  const isWhole = /^\d{1,15}$/.test(text) && schema.safeParse(Number(text)).success;
  const { minValue, maxValue } = schema;
  const most = maxValue === Number.MAX_SAFE_INTEGER ? '' : ` to ${maxValue}`;
  return isWhole ? [] : [`${flag}: expected a whole number from ${minValue}${most}, got "${text}"`];
}
