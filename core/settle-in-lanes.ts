/**
 * Does a job for each item: of each lane so many side by side, in the order of its items. Gives how
 * each ended, as `Promise.allSettled` does. A job costs nothing before it is begun: a thousand visits
 * that are begun at once and wait for their hosts are moved twice by the garbage collector.
 */
export async function settleInLanes<Item, Value>(
  items: readonly Item[],
  laneOf: (item: Item) => string,
  width: number,
  job: (item: Item) => Promise<Value>,
): Promise<readonly PromiseSettledResult<Value>[]> {
  const ends: PromiseSettledResult<Value>[] = new Array(items.length);
  const goAlong = async (lane: Iterable<[number, Item]>) => {
    for (const [at, item] of lane) [ends[at]] = await Promise.allSettled([job(item)]);
  };
  const lanes = Map.groupBy(items.entries(), ([, item]) => laneOf(item));
  const goers = [...lanes.values()].flatMap((lane) => {
    const shared = lane.values();
    return Array.from({ length: Math.min(width, lane.length) }, () => goAlong(shared));
  });
  await Promise.all(goers);
  return ends;
}
