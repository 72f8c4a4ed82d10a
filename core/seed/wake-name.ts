/**
 * Names a resumption of a run, by when it was, in milliseconds since 1970: what a suspended run took off
 * the queue may have been sent less than five minutes ago, and is to be taken all the same.
 */
export function wakeName(resumedMs: number | undefined): string | undefined {
  return resumedMs === undefined ? undefined : Math.floor(resumedMs / 1000).toString(36);
}
