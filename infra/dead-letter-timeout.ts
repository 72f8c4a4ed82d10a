/** Time limit of the dead-letter function in seconds: ten tasks of 98 targets, taken apart one by one. */
export const DEAD_LETTER_TIMEOUT_S = 60;
