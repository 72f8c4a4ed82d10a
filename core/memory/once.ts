/** Answers kept at once where nothing else is said. */
const MAX_KEPT = 1000;

/** What was asked before under a name, unless that failed; of more than `maxKept` answers the oldest goes first. */
export function once<T>(
  known: Map<string, Promise<T>>,
  name: string,
  ask: () => Promise<T>,
  maxKept = MAX_KEPT,
): Promise<T> {
  const before = known.get(name);
  if (before !== undefined) return before;
  const asked = ask();
  const [oldest] = known.keys();
  if (known.size >= maxKept && oldest !== undefined) known.delete(oldest);
  known.set(name, asked);
  asked.catch(() => known.delete(name));
  return asked;
}
