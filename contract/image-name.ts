import { SEEDS } from './bucket-keys.ts';

/** File endings that differ from the format's name. */
const ENDINGS: Readonly<Record<string, string>> = { jpeg: 'jpg' };

/** How the file of a format ends, without a dot. */
export function endingOf(format: string): string {
  return ENDINGS[format] ?? format;
}

/** Where an image is below its store: under its hash, spread over 256 folders. */
export function fileNameOf(sha256: string, format: string): string {
  return `${sha256.slice(0, 2)}/${memberName(sha256, format)}`;
}

/** The name of an image in a shard: what WebDataset takes for its key is the hash. */
export function memberName(sha256: string, format: string): string {
  return `${sha256}.${endingOf(format)}`;
}

/** The key of an image in the bucket: shared by all runs, so one picture is kept once. */
export function imageKey(sha256: string, format: string): string {
  return `images/${fileNameOf(sha256, format)}`;
}

/** Below it are the shards of a run. */
export function shardPrefix(runId: string): string {
  return `images/${runId}/`;
}

/** The key of the manifest of a run's shards. */
export function manifestKey(runId: string): string {
  return `${shardPrefix(runId)}manifest.json`;
}

/** The key of a shard: many images of one run in a tar file. */
export function shardKey(runId: string, name: string): string {
  return `${shardPrefix(runId)}${name}.tar`;
}

/** Where a file beside images is, below the folder of a run or in the bucket: under its hash. */
export function sideFileName(folder: string, sha256: string, ending: string): string {
  return `${folder}/${sha256.slice(0, 2)}/${sha256}.${ending}`;
}

/** Where the lists of a run are in the bucket. */
export function seedKey(runId: string, index: number): string {
  return `${SEEDS}${runId}/${index}`;
}
