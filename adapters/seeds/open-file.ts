import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpenList } from './open-list.ts';

/** Opens `file:///path`. */
export const openFile: OpenList = async (location, fromByte) => {
  return createReadStream(fileURLToPath(location), { start: fromByte, highWaterMark: 256 * 1024 });
};
