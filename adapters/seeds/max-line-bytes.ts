/** Longest line, row or item of a list that is read, in bytes. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;
