/** Where the lists of runs are, each in a copy that nobody changes while it is read. */
export const SEEDS = 'seeds/';
/** A list that is put below this becomes a run. */
export const INBOX = 'inbox/';
/** Lists that schedules crawl again and again. */
export const LISTS = 'lists/';
/** Tables of the results of runs. */
export const TABLES = 'results/';
/** What is kept while runs are finished. */
export const FINISHING = 'finishing/';

/** Below it are the tables of a run: a partition, as Hive names it. */
export function tablePrefix(runId: string): string {
  return `${TABLES}run=${runId}/`;
}

/** Below it is what is kept while a run is finished. */
export function finishingPrefix(runId: string): string {
  return `${FINISHING}${runId}/`;
}
