/** Numbers from 0 up to 1 that are the same for the same seed (Lehmer, modulus 2^31 - 1). */
export function seededRandom(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  // The first numbers of neighbouring seeds are alike.
  for (let at = 0; at < 8; at += 1) next();
  return next;
}
