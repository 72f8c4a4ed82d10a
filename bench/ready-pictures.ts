import { type DistinctPicture, distinctPictures } from './distinct-pictures.ts';

/** Pictures held in memory, in bytes; the ones beyond are made again for each request. */
const MAX_HELD_BYTES = 128e6;

/** The picture of a path such as `/img/000123.jpg`; undefined when there is none. */
export type FindPicture = (path: string) => DistinctPicture | undefined;

/** Makes pictures before the first request, so that a bench does not pay for them. */
export async function readyPictures(count: number): Promise<FindPicture> {
  const pictures = await distinctPictures(count);
  const held = new Map<string, DistinctPicture>();
  for (let index = 0, bytes = 0; index < count && bytes < MAX_HELD_BYTES; index += 1) {
    const picture = pictures.at(index);
    bytes += picture.bytes.length;
    held.set(picture.path, picture);
  }
  return (path) => held.get(path) ?? made(path);

  function made(path: string): DistinctPicture | undefined {
    const index = Number(/^\/img\/(\d+)\./.exec(path)?.[1] ?? count);
    if (index >= count) return undefined;
    const picture = pictures.at(index);
    return picture.path === path ? picture : undefined;
  }
}
