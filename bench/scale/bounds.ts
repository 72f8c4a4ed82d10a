import { MB_PER_CPU } from './facts.ts';
import type { ScaleRun } from './scale-run.ts';
import { isDead } from './web/answers.ts';

/** Until which share of the list a bound holds. */
const SHARE = 0.9;

/** What keeps a run from being faster, and how long it takes even if nothing else does. */
export interface Bound {
  readonly name: string;
  readonly ms: number;
}

/** The bounds of a run that has ended, the one that limits it first. */
export function boundsOf(run: ScaleRun): readonly Bound[] {
  const { options, seededMs = 0 } = run;
  const { urls, workers, groups, cpuMs, workerMemoryMb } = options;
  const processors = Math.min(workers, groups) * Math.min(1, workerMemoryMb / MB_PER_CPU);
  const bounds = [
    { name: 'the pace of the biggest hosts', ms: hostsMs(run) },
    { name: 'the seeder', ms: SHARE * seededMs },
    { name: 'the processors of the workers', ms: (SHARE * urls * cpuMs) / processors },
  ];
  return bounds.toSorted((a, b) => b.ms - a.ms);
}

/** When so much is done if every host is asked from the beginning, as fast as it may be. */
function hostsMs({ web, pacer, options }: ScaleRun): number {
  const wanted = SHARE * options.urls;
  let fromMs = 0;
  let toMs = 1;
  const doneAt = (ms: number) => {
    let done = 0;
    for (let rank = 0; rank < web.hosts; rank += 1) {
      const count = web.count(rank);
      const answered = (pacer.perS(rank) * ms) / 1000;
      done += isDead(web.kind(rank)) ? count : Math.min(count, answered);
    }
    return done;
  };
  while (doneAt(toMs) < wanted) toMs *= 2;
  for (let step = 0; step < 20; step += 1) {
    const middleMs = (fromMs + toMs) / 2;
    if (doneAt(middleMs) < wanted) fromMs = middleMs;
    else toMs = middleMs;
  }
  return toMs;
}
