import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the packages of a folder `node_modules`; none where it is not there. */
export async function packagesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const all = names.map(async (name) => {
    if (!name.startsWith('@')) return [name];
    return (await readdir(join(folder, name))).map((own) => `${name}/${own}`);
  });
  return (await Promise.all(all)).flat();
}
