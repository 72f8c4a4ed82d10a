import { dirname, join } from 'node:path';
import type { ResultBody } from '../../contract/items.ts';
import type { Run } from '../../core/model/run.ts';

/** The results of a run that have images. */
export type ImagesOf = (
  run: Run,
) => AsyncIterable<Pick<ResultBody, 'file' | 'thumbnail' | 'files'>>;

/** Images that go with runs. */
export interface FreedImages {
  /** Absolute paths or `s3://` URIs. */
  readonly places: ReadonlySet<string>;
  /** How many stay because other runs have them. */
  readonly shared: number;
}

/** The images of the runs that no other run refers to. Holds the places of all their images. */
export async function freedImages(
  gone: readonly Run[],
  others: readonly Run[],
  imagesOf: ImagesOf,
): Promise<FreedImages> {
  const places = new Set<string>();
  for (const run of gone) {
    for await (const place of placesOf(run, imagesOf)) places.add(place);
  }
  const all = places.size;
  for (const run of mayShare(gone, others)) {
    for await (const place of placesOf(run, imagesOf)) places.delete(place);
  }
  return { places, shared: all - places.size };
}

/** Runs that may have the same images: those of the same folder, or of the same bucket. */
export function mayShare(gone: readonly Run[], others: readonly Run[]): readonly Run[] {
  const folders = new Set(gone.map(({ settings }) => settings.imagesFolder));
  return others.filter(({ settings }) => folders.has(settings.imagesFolder));
}

async function* placesOf(run: Run, imagesOf: ImagesOf): AsyncGenerator<string> {
  const { imagesFolder } = run.settings;
  for await (const { file, thumbnail, files = {} } of imagesOf(run)) {
    for (const place of [file, thumbnail, ...Object.values(files)]) {
      if (place === undefined) continue;
      if (place.startsWith('s3://')) yield place;
      else if (imagesFolder !== undefined) yield join(dirname(imagesFolder), place);
    }
  }
}
