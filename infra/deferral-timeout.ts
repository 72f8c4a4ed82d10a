/** Time limit of the deferral function in seconds: two rounds of sending, each tried for twelve. */
export const DEFERRAL_TIMEOUT_S = 30;
