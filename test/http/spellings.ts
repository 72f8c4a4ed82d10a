/** Four octets of an IPv4 address. */
export type Octets = readonly [number, number, number, number];

type Spell = (octets: Octets) => string;

const numberOf = ([a, b, c, d]: Octets) => ((a * 256 + b) * 256 + c) * 256 + d;
const hex = (octet: number) => `0x${octet.toString(16)}`;
const octal = (octet: number) => `0${octet.toString(8)}`;
const dotted: Spell = (octets) => octets.join('.');

/** Digits from elsewhere in Unicode, which IDNA maps to ASCII. */
const digitsFrom = (zero: number) => (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const circled = (text: string) =>
  text.replace(/\d/g, (digit) => (digit === '0' ? '⓪' : digitsFrom(0x2460 - 1)(digit)));

/** Every way in which `new URL` reads an IPv4 address (WHATWG URL, section 3.5). */
export const SPELLINGS: Readonly<Record<string, Spell>> = {
  'four decimals': dotted,
  'one decimal': (octets) => String(numberOf(octets)),
  'one hexadecimal': (octets) => `0x${numberOf(octets).toString(16)}`,
  'one hexadecimal, capitals': (octets) => `0X${numberOf(octets).toString(16).toUpperCase()}`,
  'one octal': (octets) => `0${numberOf(octets).toString(8)}`,
  'hexadecimal parts': (octets) => octets.map(hex).join('.'),
  'hexadecimal parts, filled up': (octets) =>
    octets.map((octet) => `0x${octet.toString(16).padStart(10, '0')}`).join('.'),
  'octal parts': (octets) => octets.map(octal).join('.'),
  'octal parts, filled up': (octets) =>
    octets.map((octet) => octet.toString(8).padStart(12, '0')).join('.'),
  'mixed parts': ([a, b, c, d]) => [hex(a), octal(b), c, hex(d)].join('.'),
  'two parts': ([a, ...rest]) => `${a}.${numberOf([0, ...rest])}`,
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  'two parts, hexadecimal': ([a, ...rest]) => `${hex(a)}.0x${numberOf([0, ...rest]).toString(16)}`,
  'a dot at the end': (octets) => `${octets.join('.')}.`,
  'one decimal, a dot at the end': (octets) => `${numberOf(octets)}.`,
  'percent signs': (octets) => octets.join('.').replace(/\d/g, (digit) => `%3${digit}`),
  'percent signs, dots too': (octets) => octets.join('%2e'),
  'full-width digits': (octets) => digitsFrom(0xff10)(octets.join('.')),
  'full-width dots': (octets) => octets.join('．'),
  'ideographic dots': (octets) => octets.join('。'),
  'half-width ideographic dots': (octets) => octets.join('｡'),
  'circled digits': (octets) => circled(octets.join('.')),
  'mathematical digits': (octets) => digitsFrom(0x1d7ce)(octets.join('.')),
  'a soft hyphen inside': (octets) => octets.join('\u{ad}.'),
  'full-width hexadecimal': (octets) => `０ｘ${numberOf(octets).toString(16)}`,
};
