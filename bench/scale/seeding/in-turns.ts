/** URLs of a host that follow each other before the next host has its turn, as in WindowPacker. */
const TURN = 24;

/** So many URLs of a host. */
export interface HostPortion {
  readonly rank: number;
  readonly urls: number;
}

/** Portions of tasks of at most so many URLs: hosts in turns, as WindowPacker takes them. */
export function inTurns(
  portions: readonly HostPortion[],
  most: number,
): readonly (readonly HostPortion[])[] {
  const tasks: HostPortion[][] = [];
  let open = new Map<number, number>();
  let room = most;
  const close = () => {
    if (open.size > 0) tasks.push([...open].map(([rank, urls]) => ({ rank, urls })));
    open = new Map();
    room = most;
  };
  const take = (rank: number, urls: number) => {
    for (let left = urls; left > 0; ) {
      const taken = Math.min(room, left);
      open.set(rank, (open.get(rank) ?? 0) + taken);
      left -= taken;
      room -= taken;
      if (room === 0) close();
    }
  };
  for (let hosts = portions; hosts.length > 0; ) {
    // A host that is alone has all turns that are left.
    const turn = hosts.length === 1 ? Number.POSITIVE_INFINITY : TURN;
    for (const { rank, urls } of hosts) take(rank, Math.min(turn, urls));
    hosts = hosts.flatMap(({ rank, urls }) => (urls > turn ? [{ rank, urls: urls - turn }] : []));
  }
  close();
  return tasks;
}
