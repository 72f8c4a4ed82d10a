import { writeFile } from 'node:fs/promises';
import type { Work } from './contestants.ts';
import type { ListedUrl } from './real-list.ts';
import type { RealServer } from './start-real-server.ts';

/** Writes the files that a contestant reads beside the folder that it is to write. */
export async function writeWork(
  list: readonly ListedUrl[],
  { authorities }: Pick<RealServer, 'authorities'>,
  out: string,
): Promise<Work> {
  const urlsFile = `${out}.txt`;
  await writeFile(urlsFile, `${list.map(({ url }) => url).join('\n')}\n`);
  if (authorities === '') return { urlsFile, urls: list.length, out, authorities: undefined };
  const pem = `${out}.pem`;
  await writeFile(pem, authorities);
  return { urlsFile, urls: list.length, out, authorities: pem };
}
