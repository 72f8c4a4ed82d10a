import { describe, expect, it } from 'vitest';
import { PURPOSES, type Purpose } from '../../../core/model/purpose.ts';
import { plus, RSL, rsl, type Said, worldOf } from './owners-world.ts';

/** One thing that an owner says, and what docs/rights.md says that it reserves. */
interface Word {
  readonly name: string;
  readonly said: Said;
  readonly reserves: readonly Purpose[];
  /** What it is silent about is decided by others, except where it takes a word back. */
  readonly takesBack?: string;
}

const MINING: readonly Purpose[] = ['tdm', 'train', 'ai-input'];
const reserved = (location: string, reservation: 0 | 1) => [
  { location, 'tdm-reservation': reservation },
];

const WORDS: readonly Word[] = [
  {
    name: 'robots.txt Content-Usage: train-ai=n',
    said: { robots: ['Content-Usage: train-ai=n'] },
    reserves: ['train'],
  },
  {
    name: 'robots.txt Content-Usage: search=n',
    said: { robots: ['Content-Usage: search=n'] },
    reserves: ['search'],
  },
  {
    name: 'robots.txt Content-Usage: train-ai=y',
    said: { robots: ['Content-Usage: train-ai=y'] },
    reserves: [],
  },
  {
    name: 'robots.txt Content-Signal: ai-train=no',
    said: { robots: ['Content-Signal: search=yes, ai-train=no'] },
    reserves: ['train'],
  },
  {
    name: 'robots.txt Content-Signal: ai-input=no, use=immediate',
    said: { robots: ['Content-Signal: ai-input=no, use=immediate'] },
    reserves: ['ai-input', 'keep'],
  },
  { name: 'tdmrep.json 1', said: { tdmrep: reserved('/', 1) }, reserves: MINING },
  {
    name: 'header tdm-reservation: 1',
    said: { headers: ['tdm-reservation: 1'] },
    reserves: MINING,
  },
  {
    name: 'header tdm-reservation: 0',
    said: { headers: ['tdm-reservation: 0'] },
    reserves: [],
    takesBack: 'tdmrep.json 1',
  },
  {
    name: 'header Content-Usage: train-ai=n',
    said: { headers: ['content-usage: train-ai=n'] },
    reserves: ['train'],
  },
  { name: 'X-Robots-Tag: noai', said: { headers: ['x-robots-tag: noai'] }, reserves: ['train'] },
  {
    name: 'Robots-Tag: noindex',
    said: { headers: ['robots-tag: *;noindex'] },
    reserves: ['search'],
  },
  {
    name: 'RSL prohibits ai-all',
    said: { headers: [RSL], terms: rsl('<prohibits type="usage">ai-all</prohibits>') },
    reserves: ['train', 'ai-input'],
  },
  {
    name: 'RSL prohibits all',
    said: { headers: [RSL], terms: rsl('<prohibits type="usage">all</prohibits>') },
    reserves: PURPOSES,
  },
  {
    name: 'plus:DataMining prohibited for training',
    said: { inFile: plus('DMI-PROHIBITED-AIMLTRAINING') },
    reserves: ['train'],
  },
  {
    name: 'plus:DataMining prohibited',
    said: { inFile: plus('DMI-PROHIBITED') },
    reserves: [...MINING, 'search'],
  },
  { name: 'plus:DataMining allowed', said: { inFile: plus('DMI-ALLOWED') }, reserves: [] },
];

/** Two words at once; of a thing that can stand once the first holds. */
function together({ said: a }: Word, { said: b }: Word): Said {
  return {
    robots: [...(a.robots ?? []), ...(b.robots ?? [])],
    tdmrep: a.tdmrep ?? b.tdmrep,
    headers: [...new Set([...(a.headers ?? []), ...(b.headers ?? [])])],
    terms: a.terms ?? b.terms,
    inFile: [...(a.inFile ?? []), ...(b.inFile ?? [])],
  };
}

/** Both stand in one place in which there is room for one of them. */
function areRivals({ said: a }: Word, { said: b }: Word): boolean {
  const nameOf = (line = '') => line.split(':', 1)[0];
  const [one, other] = [a.headers?.[0], b.headers?.[0]];
  return one !== undefined && nameOf(one) === nameOf(other);
}

const PAIRS = WORDS.flatMap((one, at) =>
  WORDS.slice(at)
    .filter((other) => one === other || !areRivals(one, other))
    .map((other) => [one, other] as const),
);
const DECLARED: readonly (readonly Purpose[])[] = [...PURPOSES.map((one) => [one]), PURPOSES];
const CASES = PAIRS.flatMap(([one, other]) =>
  DECLARED.map((purposes) => {
    const text = purposes === PURPOSES ? 'all' : purposes.join();
    return [one.name, other.name, text, { one, other, purposes }] as const;
  }),
);

describe('two things that an owner says', () => {
  it('are tried in all combinations with what the images are for', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(300);
  });

  it.each(CASES)('%s; %s; for %s', async (_, __, ___, { one, other, purposes }) => {
    const words = [one, other].filter(
      ({ name }) => one.takesBack !== name && other.takesBack !== name,
    );
    const isReserved = words.some(({ reserves }) => reserves.some((use) => purposes.includes(use)));
    const world = worldOf({ ...together(one, other), purposes });
    const end = await world.go();
    expect(end.kind === 'cut' || end.kind === 'paused' || end.kind === 'cancelled').toBe(false);
    expect(world.stored).toHaveLength(isReserved ? 0 : 1);
    const expected = isReserved ? expect.stringMatching(/^(reserved|opted-out)$/) : null;
    expect(end).toMatchObject({ reason: expected });
  });
});
