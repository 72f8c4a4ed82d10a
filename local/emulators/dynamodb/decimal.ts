import { invalid } from './invalid.ts';

/** A number of DynamoDB, exact: `digits` times ten to the power of `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Numbers that are kept as they are written: nearly all. */
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;
const MAX_DIGITS = 38;
/** Powers of ten between which numbers lie. */
const MIN_POWER = -130;
const MAX_POWER = 125;

/** A number as DynamoDB writes it. @throws AwsError when it is no number, or beyond the limits */
export function canonicalNumber(text: string): string {
  return PLAIN.test(text) ? text : format(parse(text));
}

/** The sum of two numbers, or their difference. @throws AwsError beyond the limits */
export function addNumbers(a: string, b: string, sign: 1 | -1 = 1): string {
  const plain = Number(a) + sign * Number(b);
  if (PLAIN.test(a) && PLAIN.test(b) && Number.isSafeInteger(plain)) return String(plain);
  const [left, right, exponent] = aligned(parse(a), parse(b));
  return format(checked({ digits: left + BigInt(sign) * right, exponent }));
}

/** Below, equal to or above zero as the first number is less, the same or more. */
export function compareNumbers(a: string, b: string): number {
  if (PLAIN.test(a) && PLAIN.test(b)) return Number(a) - Number(b);
  const [left, right] = aligned(parse(a), parse(b));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A text that sorts as the number does. */
export function sortableNumber(text: string): string {
  const { digits, exponent } = parse(text);
  if (digits === 0n) return '1';
  const written = String(digits < 0n ? -digits : digits);
  const power = String(exponent + written.length - 1 + 500).padStart(3, '0');
  if (digits > 0n) return `2${power}${written}`;
  // The other way round; the end of the shorter of two negative numbers sorts last.
  return `0${[...`${power}${written}`].map((digit) => 9 - Number(digit)).join('')}~`;
}

function parse(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const written = whole + fraction;
  if (sign === undefined || written === '')
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  const exponent = Number(power) - fraction.length;
  return checked({ digits: BigInt(`${sign === '-' ? '-' : ''}${written}`), exponent });
}

/** Without zeros at its end. */
function checked({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  const written = String(digits).replace(/0+$/, '');
  const dropped = String(digits).length - written.length;
  const length = written.replace('-', '').length;
  const power = exponent + dropped + length - 1;
  if (length > MAX_DIGITS)
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  if (power > MAX_POWER)
    throw invalid(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  if (power < MIN_POWER)
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  return { digits: BigInt(written), exponent: exponent + dropped };
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (one: Decimal) => one.digits * 10n ** BigInt(one.exponent - exponent);
  return [scaled(a), scaled(b), exponent];
}

function format({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return String(digits * 10n ** BigInt(exponent));
  const sign = digits < 0n ? '-' : '';
  const written = String(digits)
    .replace('-', '')
    .padStart(1 - exponent, '0');
  return `${sign}${written.slice(0, exponent)}.${written.slice(exponent)}`;
}
