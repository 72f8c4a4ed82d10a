/** Digits from which on a number may not hold an integer exactly. */
const LONG_INTEGER = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** A value as JSON in which a bigint is a number like others, with all its digits. */
export function exactJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // It has a bigint, as few values have: a function for each value takes ten times as long.
    return JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'bigint' ? JSON.rawJSON(String(one)) : one,
    );
  }
}

/** Reads JSON; integers that a number does not hold exactly become a bigint. @throws SyntaxError */
export function parseExactJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown, { source = '' }) => {
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value);
    return isRounded && INTEGER.test(source) ? BigInt(source) : value;
  });
}
