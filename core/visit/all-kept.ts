/** Resolves when all of these images are safe; undefined where they are already. See `StoredImage`. */
export function allKept(
  each: readonly (Promise<unknown> | undefined)[],
): Promise<unknown> | undefined {
  const open = each.filter((kept) => kept !== undefined);
  if (open.length === 0) return undefined;
  const all = Promise.all(open);
  all.catch(() => {}); // met again by whoever waits for it
  return all;
}
