import { picturePath } from './picture-path.ts';

/** URLs of the picture server's first `count` pictures: picture i is on origin i mod their number. */
export function benchUrls(origins: readonly string[], count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${origins[index % origins.length]}${picturePath(index)}`,
  );
}
