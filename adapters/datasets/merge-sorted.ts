/** A portion, and how far it was read. */
interface Cursor {
  readonly portion: AsyncIterator<readonly string[]>;
  readonly number: number;
  lines: readonly string[];
  at: number;
  line: string;
}

/** One sorted sequence of several; of equal keys those of the first portion come first. */
export async function* mergeSorted(
  portions: readonly AsyncIterator<readonly string[]>[],
): AsyncGenerator<string> {
  const heap: Cursor[] = [];
  for (const [number, portion] of portions.entries()) {
    const cursor: Cursor = { portion, number, lines: [], at: -1, line: '' };
    if (await advance(cursor)) {
      heap.push(cursor);
      siftUp(heap);
    }
  }
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    yield first.line;
    const isLast = first.at + 1 === first.lines.length;
    if (isLast && !(await advance(first))) dropFirst(heap);
    else if (!isLast) step(first);
    siftDown(heap);
  }
}

/** To the next line of a portion, whose lines in memory are used up; false at its end. */
async function advance(cursor: Cursor): Promise<boolean> {
  const next = await cursor.portion.next();
  if (next.done === true) return false;
  cursor.lines = next.value;
  cursor.at = -1;
  step(cursor);
  return true;
}

function step(cursor: Cursor): void {
  cursor.at += 1;
  cursor.line = cursor.lines[cursor.at] ?? '';
}

function dropFirst(heap: Cursor[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) heap[0] = last;
}

function siftUp(heap: Cursor[]): void {
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!swapped(heap, at, parent)) return;
    at = parent;
  }
}

function siftDown(heap: Cursor[]): void {
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    if (a === undefined) return;
    const child = b !== undefined && isBefore(b, a) ? left + 1 : left;
    if (!swapped(heap, child, at)) return;
    at = child;
  }
}

/** Puts the cursor at `lower` in front of the one at `upper` where it belongs there. */
function swapped(heap: Cursor[], lower: number, upper: number): boolean {
  const [below, above] = [heap[lower], heap[upper]];
  if (below === undefined || above === undefined || !isBefore(below, above)) return false;
  heap[lower] = above;
  heap[upper] = below;
  return true;
}

function isBefore(a: Cursor, b: Cursor): boolean {
  return a.line < b.line || (a.line === b.line && a.number < b.number);
}
