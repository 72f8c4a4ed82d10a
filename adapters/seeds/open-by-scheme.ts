import type { OpenList } from './open-list.ts';

/** Opens a list by the scheme of its location. Throws for one that no opener is given for. */
export function openByScheme(openers: Readonly<Record<string, OpenList>>): OpenList {
  return async (location, fromByte, toByte) => {
    const { protocol } = new URL(location);
    const open = openers[protocol];
    if (open === undefined) throw new Error(`no lists behind ${protocol} here: ${location}`);
    return open(location, fromByte, toByte);
  };
}
