const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1e9,
  gb: 1e9,
  gib: 1024 ** 3,
  t: 1e12,
  tb: 1e12,
  tib: 1024 ** 4,
};
const TIMES: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PIXELS: Readonly<Record<string, number>> = { '': 1, px: 1, mp: 1e6, gp: 1e9 };
const NO_UNITS: Readonly<Record<string, number>> = { '': 1 };

/** Reads a number of bytes as people write it: `5000000`, `5MB`, `1GiB`. Undefined when it is not one. */
export function readBytes(text: string): number | undefined {
  return readAmount(text, SIZES);
}

/** Reads a time as people write it, in milliseconds: `500`, `10s`, `2m`, `30d`. Undefined when it is not one. */
export function readMs(text: string): number | undefined {
  return readAmount(text, TIMES);
}

/** Reads a number of pixels: `250000000`, `250MP`. Undefined when it is not one. */
export function readPixels(text: string): number | undefined {
  return readAmount(text, PIXELS);
}

/** Reads a whole number. Undefined when it is not one. */
export function readCount(text: string): number | undefined {
  return readAmount(text, NO_UNITS);
}

/** Only whole numbers of the smallest unit: `1.5s` is accepted, `1.5` and `0.5ms` are not. */
function readAmount(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]*)$/i.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  if (digits === '' || factor === undefined) return undefined;
  const value = Number(digits) * factor;
  // 1.001 kB is 1000.9999999999999 of them in binary fractions.
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : undefined;
}
