import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { OpenList } from './open-list.ts';

/** Opens `file:///path`. */
export const openFile: OpenList = async (location, start, toByte) => {
  const file = await open(fileURLToPath(location));
  const { size } = await file.stat();
  const end = toByte === undefined ? undefined : toByte - 1;
  return { bytes: file.createReadStream({ start, end, highWaterMark: 256 * 1024 }), size };
};
