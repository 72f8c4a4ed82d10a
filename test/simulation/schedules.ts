import fc from 'fast-check';
import { hostOf } from '../../core/model/canonical-url.ts';
import { pageSettings } from '../page-settings.ts';
import { urlsOf } from '../worker/records.ts';
import { type Answer, documentOf, failure, image, status } from '../worker/scripted-site.ts';
import { isPossible } from './crash-everywhere.ts';
import type { Fate, Shape } from './shape.ts';
import type { Call, Mishap } from './wire.ts';

const HOSTS = ['a.test', 'b.test', 'c.test'];
const URLS = HOSTS.flatMap((host) => urlsOf(host, 4));
const PAGES = HOSTS.map((host) => `https://${host}/`);

/** By name, so that a schedule can be read. */
const ANSWERS = {
  'image a': image('a'),
  'image b': image('b'),
  'image c': image('c'),
  'not found': status(404),
  'error 500': status(500),
  'busy 503': status(503),
  'quiet for 30 s': status(429, { 'retry-after': '30' }),
  'quiet for 400 s': status(503, { 'retry-after': '400' }),
  timeout: failure('timeout'),
  'no connection': failure('connection-failed'),
} as const satisfies Record<string, Answer>;

/** What takes the place of answers that do not come. */
const REACHED: Partial<Record<keyof typeof ANSWERS, keyof typeof ANSWERS>> = {
  timeout: 'error 500',
  'no connection': 'busy 503',
};

function isAnswer(name: string): name is keyof typeof ANSWERS {
  return Object.hasOwn(ANSWERS, name);
}

const answer = fc.constantFrom(...Object.keys(ANSWERS).filter(isAnswer));

const mishap = fc.constantFrom<Mishap>(
  ...(['death-before', 'death-halfway', 'death-after', 'death-after'] as const),
  ...(['throttled', 'partial', 'answer-lost', 'clock-step', 'power-cut'] as const),
);

/** All that chance decides of a run, as data that can be printed, made smaller and played again. */
const schedule = fc.record({
  seed: fc.nat(),
  /** Lines of the list, as places of URLs. */
  lines: fc.array(fc.nat(URLS.length - 1), { minLength: 1, maxLength: 14 }),
  answers: fc.array(fc.array(answer, { minLength: 1, maxLength: 3 }), {
    minLength: URLS.length,
    maxLength: URLS.length,
  }),
  /** The URL that kills whoever asks for it. */
  poison: fc.option(fc.nat(URLS.length - 1), { freq: 5 }),
  /** Pages instead of images: where the links of each of three go. */
  links: fc.option(fc.array(fc.nat(2), { minLength: 9, maxLength: 9 }), { freq: 3 }),
  mishaps: fc.array(fc.record({ at: fc.integer({ min: 1, max: 150 }), mishap }), { maxLength: 6 }),
  /** How many of a hundred calls AWS refuses or loses, and up to which call. */
  storm: fc.constantFrom(0, 0, 0, 3, 15),
  stormEnds: fc.integer({ min: 20, max: 200 }),
  /** A second event for the seeder, in milliseconds after the first: Lambda delivers at least once. */
  seedAgainMs: fc.constantFrom(undefined, undefined, 5, 40, 200_000, 400_000),
  cancelAfterMs: fc.constantFrom(undefined, undefined, undefined, 20, 60, 3000),
  delayMs: fc.constantFrom(0, 0, 0, 700),
  perHost: fc.constantFrom(1, 2, 6),
  windowSize: fc.constantFrom(2, 4, 100),
  groups: fc.constantFrom(1, 2, 4096),
  workers: fc.constantFrom(1, 2, 3),
  batchSize: fc.constantFrom(1, 3, 10),
  perGroup: fc.constantFrom('one' as const, 'many' as const),
  maxReceiveCount: fc.constantFrom(4, 5),
  workerTimeoutMs: fc.constantFrom(26_000, 180_000),
  seederTimeoutMs: fc.constantFrom(22_000, 900_000),
  siteMs: fc.constantFrom(1, 30, 900),
  latencyMs: fc.constantFrom(0, 4, 50),
  /** Pollers that keep messages while functions are throttled: up to the end of their visibility. */
  pollerShare: fc.constantFrom(0, 0, 0, 0.1, 1.05),
});
/** One schedule. */
export type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/** Schedules by chance. */
export const anySchedule: fc.Arbitrary<Schedule> = schedule;

/** A schedule as a run and what happens to it. */
export function worldOf(plan: Schedule): { readonly shape: Shape; readonly fate: Fate } {
  const { mishaps, stormEnds, seed } = plan;
  // In a worse one a page may be given up, and what it names is never found.
  const storm = plan.links === null ? plan.storm : Math.min(3, plan.storm);
  // Who resumes a run takes back its cancellation, and nobody could say what is right.
  const isPlanned = (one: Mishap) => plan.cancelAfterMs === undefined || one !== 'power-cut';
  const all = mishaps.filter((one) => isPlanned(one.mishap));
  const planned = new Map(all.map((one) => [one.at, one.mishap]));
  const decide = (call: Call, random: () => number): Mishap | undefined => {
    const fixed = planned.get(call.number) ?? stormy(call, random);
    return fixed !== undefined && isPossible(fixed, call) ? fixed : undefined;
  };
  const stormy = ({ number }: Call, random: () => number): Mishap | undefined => {
    if (storm === 0 || number > stormEnds || random() * 100 >= storm) return undefined;
    const kinds: readonly Mishap[] = ['throttled', 'partial', 'answer-lost'];
    return kinds[Math.floor(random() * kinds.length)];
  };
  return {
    shape: plan.links === null ? listShape(plan) : pageShape(plan, plan.links),
    fate: { seed, plan: decide },
  };
}

function listShape(plan: Schedule): Shape {
  const lines = plan.lines.map((place) => URLS[place] ?? '');
  // A run that was cancelled may skip what would have killed, and nobody could say what is right.
  const killer = plan.cancelAfterMs === undefined ? URLS[plan.poison ?? -1] : undefined;
  const poison = lines.filter((url) => url === killer);
  const script = Object.fromEntries(
    URLS.map((url, at): [string, readonly Answer[]] => {
      if (url === killer) return [url, ['killer']];
      // A host that fails too often is not asked any more, and its killer would kill nobody.
      return [url, killer?.includes(hostOf(url)) ? [image('a')] : answersAt(plan, at)];
    }),
  );
  return { ...settingsOf(plan), lists: { 'a.txt': lines }, script, poison: [...new Set(poison)] };
}

function answersAt({ answers }: Schedule, at: number): readonly Answer[] {
  return (answers[at] ?? []).map((name): Answer => ANSWERS[name]);
}

/** Three pages, each with three links and all images of its host: found are all that links lead to. */
function pageShape(plan: Schedule, links: readonly number[]): Shape {
  const linksOf = (page: number) => links.slice(3 * page, 3 * page + 3);
  const imagesOf = (page: number) => URLS.filter((url) => hostOf(url) === HOSTS[page]);
  const reached = new Set([0]);
  for (const page of reached) for (const link of linksOf(page)) reached.add(link);
  const answered = PAGES.map((url, page): [string, readonly Answer[]] => {
    const body = documentOf({
      pages: linksOf(page).map((link) => PAGES[link] ?? ''),
      images: imagesOf(page),
    });
    return [url, page === 1 ? [status(500), body] : [body]];
  });
  // A host that is not reached is given up with its page, and what that names is never found.
  const answers = plan.answers.map((names) => names.map((name) => REACHED[name] ?? name));
  const images = URLS.map((url, at): [string, readonly Answer[]] => {
    return [url, answersAt({ ...plan, answers }, at)];
  });
  const settings = settingsOf(plan);
  const pages = pageSettings({ depth: 9, scope: 'any' });
  return {
    ...settings,
    // What a page named that was not settled before a cancellation may be sent, and belongs to nobody.
    cancelAfterMs: undefined,
    settings: { ...settings.settings, pages },
    lists: { 'a.txt': [PAGES[0] ?? ''] },
    script: Object.fromEntries([...answered, ...images]),
    found: [...reached].flatMap((page) => [PAGES[page] ?? '', ...imagesOf(page)]),
  };
}

function settingsOf(plan: Schedule) {
  const { seed: _, lines: _l, answers: _a, poison: _p, links: _k, mishaps: _m, ...rest } = plan;
  const { storm: _s, stormEnds: _e, delayMs, perHost, ...world } = rest;
  return { ...world, settings: { delayMs, perHost } };
}
