import * as z from 'zod';
import { needsTdmRep, PURPOSES, type Purpose } from '../core/model/purpose.ts';
import type { PageSettings, RunSettings } from '../core/model/run.ts';
import { MAX_CRAWL_DELAY_MS } from '../core/robots/max-crawl-delay.ts';
import type { Fields } from './fields.ts';
import { memorySettings, pageSettings, runSettings } from './run-settings.ts';

const { shape } = runSettings;
const memory = memorySettings.shape;
const pages = pageSettings.shape;

/** Settings that only the command gives, and those without a value that is usual. */
type NotChosen =
  | 'headers'
  | 'allowPrivate'
  | 'imagesFolder'
  | 'imageStorage'
  | 'maxCost'
  | 'output'
  | 'archive';

/**
 * How a run visits its targets when nobody says otherwise: the one place of each default, for the command, for the
 * deployment and for records of runs that are older than a setting.
 */
export const usualSettings = z.strictObject({
  attempts: shape.attempts.default(3),
  timeoutMs: shape.timeoutMs.default(30_000),
  maxBytes: shape.maxBytes.default(20_000_000),
  maxPixels: shape.maxPixels.default(250_000_000),
  minWidth: shape.minWidth.default(0),
  minHeight: shape.minHeight.default(0),
  minBytes: shape.minBytes.default(0),
  maxAspect: shape.maxAspect,
  formats: shape.formats,
  /** Where it is given, images are worked on before they are stored. */
  imageWork: shape.imageWork,
  perHost: shape.perHost.default(6),
  delayMs: shape.delayMs.default(0),
  ratePerS: shape.ratePerS.default(10),
  perAddress: shape.perAddress.default(false),
  /** Honest chains are shorter. */
  maxRedirects: shape.maxRedirects.default(5),
  userAgent: shape.userAgent.default('image-crawler (+contact not set)'),
  referer: shape.referer.unwrap().default('page'),
  ignoreRobots: shape.ignoreRobots.default(false),
  /** The strictest reading, until the owner says less. */
  purposes: shape.purposes.default([...PURPOSES]),
  /** One request more for each host, of which hardly any has the file. */
  tdmRep: shape.tdmRep.unwrap().default(false),
  maxCrawlDelayMs: shape.maxCrawlDelayMs.unwrap().default(MAX_CRAWL_DELAY_MS),
  credentialUrls: shape.credentialUrls.unwrap().default(false),
  maxUrls: shape.maxUrls.default(0),
  maxTotalBytes: shape.maxTotalBytes.default(0),
  /** What was kept is remembered, and what its site calls fresh is not asked for again. */
  memory: shape.memory
    .unwrap()
    .extend({ days: memory.days.default(90), ask: memory.ask.default('stale') })
    .or(z.literal(false).transform(() => undefined))
    .prefault({}),
  /** Where they are given, the URLs of the lists are pages. */
  pages: shape.pages,
} satisfies Fields<Omit<RunSettings, NotChosen>>);

/** The same, as an owner declares them: what is declared decides of what is not said. */
export const runDefaults = usualSettings
  .extend({ purposes: shape.purposes.optional(), tdmRep: shape.tdmRep })
  .transform((given) => ({ ...given, ...declared(given) }))
  .prefault({});

/**
 * A tdmrep.json is one request more for each host, of which hardly any has it. Purposes that nobody
 * declared do not ask for it.
 */
function declared({ purposes, tdmRep }: { purposes?: readonly Purpose[]; tdmRep?: boolean }) {
  return {
    purposes: [...(purposes ?? PURPOSES)],
    tdmRep: tdmRep ?? (purposes !== undefined && needsTdmRep(purposes)),
  };
}

/** What is taken where nothing is said. */
export const RUN_DEFAULTS = runDefaults.parse({});

/** Which links a run over pages follows when nobody says otherwise: a whole site, images from anywhere. */
export const pageDefaults = z.object({
  depth: pages.depth.default(1000),
  scope: pages.scope.default('host'),
  imageScope: pages.imageScope.default('any'),
  include: pages.include.default([]),
  exclude: pages.exclude.default([]),
  maxPages: pages.maxPages.default(10_000),
  maxChain: pages.maxChain.default(200),
  best: pages.best.default(false),
  sitemaps: pages.sitemaps.default(true),
} satisfies Fields<PageSettings>);

/** The same, as settings. */
export const PAGE_DEFAULTS = pageDefaults.parse({});
