/** Answers kept at once; the oldest goes first. */
const MAX_KEPT = 1000;

/** What was asked before under a name, unless that failed. */
export function once<T>(
  known: Map<string, Promise<T>>,
  name: string,
  ask: () => Promise<T>,
): Promise<T> {
  const before = known.get(name);
  if (before !== undefined) return before;
  const asked = ask();
  const [oldest] = known.keys();
  if (known.size >= MAX_KEPT && oldest !== undefined) known.delete(oldest);
  known.set(name, asked);
  asked.catch(() => known.delete(name));
  return asked;
}
