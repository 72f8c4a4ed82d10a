import type { LeftOut } from './find.ts';
import type { Target } from './task.ts';

/** What a document brought: targets for the run, and what is left out of it. */
export interface Finds {
  readonly targets: readonly Target[];
  readonly leftOut: readonly (LeftOut & { readonly url: string })[];
}

/** Each URL once: as a page rather than an image, as a target rather than left out. */
export function mergeFinds(all: readonly Finds[]): Finds {
  const targets = new Map<string, Target>();
  for (const target of all.flatMap((finds) => finds.targets)) {
    const first = targets.get(target.url);
    if (first === undefined || (first.kind === undefined && target.kind !== undefined))
      targets.set(target.url, target);
  }
  const leftOut = new Map(
    all
      .flatMap((finds) => finds.leftOut)
      .filter(({ url }) => !targets.has(url))
      .map((one) => [one.url, one]),
  );
  return { targets: [...targets.values()], leftOut: [...leftOut.values()] };
}
