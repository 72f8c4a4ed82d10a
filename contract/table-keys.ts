import { hash } from 'node:crypto';

/** Partitions that a run's results are spread over: DynamoDB writes 1,000 units a second to each. */
export const RESULT_SHARDS = 8;
/** Partitions of a run's tasks: a hundredth as many writes, and one query tells how far a run is. */
export const TASK_SHARDS = 1;

/** The key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** All runs in one partition: they are few, and listed together. */
export const RUNS_PARTITION = 'RUNS';
/** Messages that no one can read. */
export const POISON_PARTITION = 'POISON';

/** The key of a run's record. */
export function runKey(runId: string): ItemKey {
  return { pk: RUNS_PARTITION, sk: runId };
}

/** The key of a task. */
export function taskKey(runId: string, taskId: string): ItemKey {
  const [byte = 0] = hash('sha256', taskId, 'buffer');
  return { pk: taskPartition(runId, byte % TASK_SHARDS), sk: taskId };
}

/** The key of a target's result: a hash, since a URL can be longer than a key may be. */
export function resultKey(runId: string, url: string): ItemKey {
  const digest = hash('sha256', url, 'buffer');
  const [byte = 0] = digest;
  const sk = digest.subarray(0, 16).toString('base64url');
  return { pk: resultPartition(runId, byte % RESULT_SHARDS), sk };
}

/** The key of what is known of a URL besides its result: in the place of that result, next door. */
export function markKey(runId: string, url: string): ItemKey {
  const { pk, sk } = resultKey(runId, url);
  return { pk: markPartition(runId, Number(pk.slice(pk.lastIndexOf('R') + 1))), sk };
}

/** A partition of a run's marks: those of the URLs of the result partition with the same number. */
export function markPartition(runId: string, shard: number): string {
  return `${runId}#K${shard}`;
}

/** The key of what was taken into a run. */
export function takenKey(runId: string): ItemKey {
  return { pk: `${runId}#F`, sk: 'taken' };
}

/** A partition of a run's results. */
export function resultPartition(runId: string, shard: number): string {
  return `${runId}#R${shard}`;
}

/** A partition of a run's tasks. */
export function taskPartition(runId: string, shard: number): string {
  return `${runId}#T${shard}`;
}

/** The key of what is known of a host; `host` is an authority. */
export function hostKey(host: string): ItemKey {
  return { pk: hostPartition(host), sk: 'host' };
}

/** Hosts belong to no run: each is a partition of its own. */
function hostPartition(host: string): string {
  return `HOST#${host}`;
}
