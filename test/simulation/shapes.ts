import { pageSettings } from '../page-settings.ts';
import { urlsOf } from '../worker/records.ts';
import { documentOf, failure, image, page, type Script, status } from '../worker/scripted-site.ts';
import type { Shape } from './shape.ts';

const A = urlsOf('a.test', 6);
const B = urlsOf('b.test', 3);
const [a0 = '', a1 = '', a2 = '', a3 = ''] = A;
const [b0 = '', b1 = '', b2 = ''] = B;

/** An image at every URL. */
function images(urls: readonly string[]): Script {
  return Object.fromEntries(urls.map((url) => [url, [image(url)]]));
}

/** Runs of few calls. */
export const SHORT_SHAPES = {
  /** Two windows, a URL in both, one twice in its window, and a line that is not a URL. */
  list: {
    lists: { 'a.txt': [a0, b0, a1, a0, 'no url', a2, b1, a0] },
    script: { ...images([a0, a1, b0, b1]), [a2]: [page()] },
    windowSize: 3,
  },
  /** Cancelled while some of it is under way, some waits and some is not seeded. */
  cancelled: {
    lists: { 'a.txt': [a0, a1, b0, ...A.slice(2)] },
    script: { ...images([...A, ...B]), [a0]: [status(500), image('a0')] },
    cancelAfterMs: 40,
    windowSize: 3,
    siteMs: 60,
  },
  /** robots.txt asked first, a crawl-delay in it, and a redirect to another host. */
  robots: {
    lists: { 'a.txt': [a0, a1, b0] },
    script: {
      ...images([a1]),
      [a0]: [status(302, { location: 'https://elsewhere.test/0.png' })],
      [b0]: [status(404)],
      'https://elsewhere.test/0.png': [image('c')],
      'https://b.test/robots.txt': [status(503), status(404)],
    },
    settings: { ignoreRobots: false },
    elsewhere: ['elsewhere.test'],
    windowSize: 10,
  },
  /** At the second try, at the third, never, after a host's quiet. */
  retries: {
    lists: { 'a.txt': [a0, a1, a2, b0, b1] },
    script: {
      ...images([b1]),
      [a0]: [status(500), image('a0')],
      [a1]: [failure('timeout'), status(500), image('a1')],
      [a2]: [status(500)],
      [b0]: [status(429, { 'retry-after': '60' }), status(503), image('b0')],
    },
    windowSize: 10,
  },
  /** A delay that lets a worker come no further than a few targets. */
  deferral: {
    lists: { 'a.txt': [...A.slice(0, 5), b0] },
    script: { ...images([...A, b0]), [a3]: [failure('timeout'), image('a3')] },
    settings: { delayMs: 2000, timeoutMs: 1000 },
    workerTimeoutMs: 16_000,
    windowSize: 10,
  },
  /** Images of two groups in one tar file, one of them twice, and a page that is no image. */
  shards: {
    lists: { 'a.txt': [a0, a1, b0, b1] },
    script: { ...images([a0, b0]), [a1]: [image(a0)], [b1]: [page()] },
    settings: { imageStorage: 'shards' },
    windowSize: 10,
  },
} as const satisfies Record<string, Shape>;

/** Hosts that ask for a pause, or never answer. */
export const HOST_SHAPES = {
  /** A host that asks for a pause, with a task of its group that waits behind the present one. */
  pause: {
    lists: { 'a.txt': [a0, a1, b0, a2, a3] },
    script: {
      ...images([a1, a2, a3, b0]),
      [a0]: [status(429, { 'retry-after': '400' }), image('a0')],
    },
    perGroup: 'one',
    windowSize: 3,
  },
  /** A host that never answers, and one that answers at its second contact. */
  'no contact': {
    lists: { 'a.txt': [a0, a1, b0, b1, b2] },
    script: {
      [a0]: [failure('connection-failed')],
      [a1]: [failure('timeout')],
      [b0]: [failure('timeout'), image('b0')],
      ...images([b1, b2]),
    },
    windowSize: 10,
  },
} as const satisfies Record<string, Shape>;

/** Runs of more calls. */
export const LONG_SHAPES = {
  /** A killer in company of its task and of its batch. */
  'dead letter': {
    lists: { 'a.txt': [a0, a1, b0] },
    script: { ...images([a1, b0]), [a0]: ['killer'] },
    poison: [a0],
    maxReceiveCount: 4,
    windowSize: 10,
  },
  /** A seeder that comes no further than a window or two. */
  'hand-over': {
    lists: { 'a.txt': [a0, b0, a1, b1], 'b.txt': [b2, a2] },
    script: images([a0, a1, a2, b0, b1, b2]),
    windowSize: 2,
    seederTimeoutMs: 20_120,
  },
} as const satisfies Record<string, Shape>;

/** A host with more tasks than lanes: they follow each other under a message, or by messages of their own. */
export const LANE_SHAPES = {
  lanes: {
    lists: { 'a.txt': [a0, b0, a1, b1, a2, a3] },
    script: { ...images([...A, ...B]), [a0]: [status(500), image('a0')] },
    windowSize: 2,
    siteMs: 60,
  },
} as const satisfies Record<string, Shape>;

/** Links that go round in a circle and to another host, and images that several pages name. */
export const PAGE_SHAPES = {
  pages: {
    lists: { 'a.txt': ['https://a.test/'] },
    found: ['https://a.test/next', 'https://b.test/', a0, a1, b0],
    script: {
      ...images([a0, a1, b0]),
      'https://a.test/': [documentOf({ pages: ['/next', 'https://b.test/'], images: [a0] })],
      'https://a.test/next': [status(500), documentOf({ pages: ['/'], images: [a0, a1, b0] })],
      'https://b.test/': [documentOf({ pages: ['https://a.test/next'], images: [b0, a1] })],
    },
    settings: {
      pages: pageSettings({ depth: 3, scope: 'any' }),
    },
    windowSize: 10,
  },
} as const satisfies Record<string, Shape>;

/** What its sites sent is in one tar file, pages and images. */
const ARCHIVE_SHAPE: Shape = {
  lists: { 'a.txt': ['https://a.test/'] },
  found: [a0, b0],
  script: { ...images([a0, b0]), 'https://a.test/': [documentOf({ images: [a0, b0] })] },
  settings: { ...PAGE_SHAPES.pages.settings, imageStorage: 'shards', archive: true },
  windowSize: 10,
};

/** Runs that are suspended while some of it is under way and some waits, and resumed soon after. */
export const SUSPENDED_SHAPES = {
  /** Two windows, tries that wait, and a ceiling that is reached on the way. */
  'over its budget': {
    lists: { 'a.txt': [a0, b0, a1, b1, a2, b2, a3] },
    script: { ...images([...A, ...B]), [a0]: [status(500), image('a0')] },
    settings: { maxCost: 22, delayMs: 2000 },
    windowSize: 4,
    resumeAfterMs: 8000,
  },
  /** Before all of it is seeded. */
  'over its budget while it is seeded': {
    lists: { 'a.txt': [a0, b0, a1, b1] },
    script: images([...A, ...B]),
    settings: { maxCost: 6 },
    windowSize: 2,
    latencyMs: 1600,
    resumeAfterMs: 16_000,
  },
  /** Everything is stopped while pages are read, of which tasks were made. */
  stopped: {
    ...PAGE_SHAPES.pages,
    settings: { ...PAGE_SHAPES.pages.settings, delayMs: 1500 },
    stopAfterMs: 3000,
    resumeAfterMs: 6500,
  },
} as const satisfies Record<string, Shape>;

const REMEMBERS = { memory: { days: 90, ask: 'stale' } } as const;

/** Runs that remember what they keep, and what an earlier one kept. */
export const MEMORY_SHAPES = {
  /** Nothing is known yet: two windows, two hosts, a failure. */
  'first run': {
    lists: { 'a.txt': [a0, b0, a1, b1] },
    script: { ...images([a0, a1, b0]), [b1]: [status(404)] },
    settings: REMEMBERS,
    windowSize: 3,
  },
  /** Known, unchanged, changed, gone, with bytes that are gone, and new. */
  'second run': {
    lists: { 'a.txt': [a0, a1, a2, a3, b0, b1] },
    earlier: [
      { url: a0, freshForMs: 3_600_000 },
      { url: a1, etag: '"1"' },
      { url: a2, etag: '"1"' },
      { url: a3, etag: '"1"' },
      { url: b0, freshForMs: 3_600_000, isGone: true },
    ],
    script: {
      ...images([b0, b1]),
      [a1]: [status(304, { etag: '"1"' })],
      [a2]: [image('changed')],
      [a3]: [status(404)],
    },
    settings: REMEMBERS,
    windowSize: 10,
  },
} as const satisfies Record<string, Shape>;

/** Runs of every kind, each as small as shows it. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  ...SHORT_SHAPES,
  ...HOST_SHAPES,
  ...LONG_SHAPES,
  ...LANE_SHAPES,
  ...PAGE_SHAPES,
  archive: ARCHIVE_SHAPE,
  ...SUSPENDED_SHAPES,
  ...MEMORY_SHAPES,
};
