import { randomInt } from 'node:crypto';

const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';

/** A new run's id: sortable by time (UTC), short enough to type, safe as a file name. */
export function newRunId(nowMs: number, random: (below: number) => number = randomInt): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  const suffix = Array.from({ length: 4 }, () => LETTERS[random(LETTERS.length)]);
  return `${time}-${suffix.join('')}`;
}
