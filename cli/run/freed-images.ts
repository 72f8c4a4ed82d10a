import { dirname, join } from 'node:path';
import { mayShare } from '../../adapters/finish/free-shards.ts';
import type { ResultBody } from '../../contract/items.ts';
import type { Run } from '../../core/model/run.ts';

/** The results of a run that have images. */
export type ImagesOf = (
  run: Run,
) => AsyncIterable<Pick<ResultBody, 'file' | 'offset' | 'thumbnail' | 'files'>>;

/** Images that go with runs. */
export interface FreedImages {
  /** Absolute paths or `s3://` URIs. */
  readonly places: ReadonlySet<string>;
  /** Those of them that hold many images each. */
  readonly shards: ReadonlySet<string>;
  /** How many stay because other runs have them. */
  readonly shared: number;
}

/**
 * The images of the runs that no other run refers to; a shard stays whole where another run refers to
 * one of its images. Holds the places of all images that are no part of a shard.
 */
export async function freedImages(
  gone: readonly Run[],
  others: readonly Run[],
  imagesOf: ImagesOf,
): Promise<FreedImages> {
  const places = new Set<string>();
  const shards = new Set<string>();
  for (const run of gone) {
    for await (const { place, isShard } of placesOf(run, imagesOf)) {
      places.add(place);
      if (isShard) shards.add(place);
    }
  }
  const all = places.size;
  for (const run of mayShare(gone, others)) {
    for await (const { place } of placesOf(run, imagesOf)) places.delete(place);
  }
  return {
    places,
    shards: new Set([...shards].filter((place) => places.has(place))),
    shared: all - places.size,
  };
}

async function* placesOf(run: Run, imagesOf: ImagesOf) {
  const { imagesFolder } = run.settings;
  for await (const { file, offset, thumbnail, files = {} } of imagesOf(run)) {
    for (const place of [file, thumbnail, ...Object.values(files)]) {
      if (place === undefined) continue;
      const isShard = place === file && offset !== undefined;
      if (place.startsWith('s3://')) yield { place, isShard };
      else if (imagesFolder !== undefined)
        yield { place: join(dirname(imagesFolder), place), isShard };
    }
  }
}
