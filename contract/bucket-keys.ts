/** Where the lists of runs are, each in a copy that nobody changes while it is read. */
export const SEEDS = 'seeds/';
/** A list that is put below this becomes a run. */
export const INBOX = 'inbox/';
/** Lists that schedules crawl again and again. */
export const LISTS = 'lists/';
