/**
 * Columns or fields of lists that hooks are given as `target.columns`, `*` for all. Name yours here and nowhere
 * else: they travel with the tasks of runs that are begun from then on, whether or not a run keeps them. A list
 * without such a column gives none. As it stands nothing travels.
 */
export const HOOK_COLUMNS: readonly string[] = [];
