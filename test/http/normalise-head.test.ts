import { describe, expect, it } from 'vitest';
import { normaliseHead } from '../../adapters/http/normalise-head.ts';
import { cpuTimeMs } from '../cpu-time.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** Heads that the parser reads as they are, or refuses permanently. */
const LEFT_ALONE = [
  ['exact', `${OK}Content-Type: image/png\r\nContent-Length: 5\r\n\r\n`],
  ['without fields', `${OK}\r\n`],
  ['without a reason', 'HTTP/1.1 200\r\nA: b\r\n\r\n'],
  ['of HTTP/1.0', 'HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n'],
  ['octets above 127', `${OK}Content-Disposition: inline; filename="caf\xe9"\r\n\r\n`],
  ['empty values', `${OK}X-Empty:\r\n\r\n`],
  ['a name of digits and signs', `${OK}x-1_2.3~!: 1\r\n\r\n`],
  ['two lengths that differ', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`],
  ['two lengths that differ in one field', `${OK}Content-Length: 5, 6\r\nX y: 1\r\n\r\n`],
  ['a negative length and a bare LF', 'HTTP/1.1 200 OK\nContent-Length: -5\n\n'],
  ['a NUL', `${OK}X: a\0b\nY: 1\r\n\r\n`],
  ['another protocol', 'HTTP/2 200\nA: b\n\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\nA: b\n\n'],
] as const;

const NORMALISED = [
  ['bare line feeds', 'HTTP/1.1 200 OK\nA: b\nC: d\n\n', `${OK}A: b\r\nC: d\r\n\r\n`],
  ['mixed line ends', 'HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\n', `${OK}A: b\r\nC: d\r\n\r\n`],
  ['a space before the colon', `${OK}A : b\r\nC\t: d\r\n\r\n`, `${OK}A: b\r\nC: d\r\n\r\n`],
  ['a folded line', `${OK}A: b\r\n  c\r\n\td\r\nE: f\r\n\r\n`, `${OK}A: b c d\r\nE: f\r\n\r\n`],
  ['a line without a colon', `${OK}Warning\r\nA: b\r\n\r\n`, `${OK}A: b\r\n\r\n`],
  ['a name with spaces', `${OK}PHP Notice: x\r\n folded\r\nA: b\r\n\r\n`, `${OK}A: b\r\n\r\n`],
  ['a name that is empty', `${OK}: x\r\nA: b\r\n\r\n`, `${OK}A: b\r\n\r\n`],
  ['a name that is not ASCII', `${OK}\xe9: x\r\nA: b\r\n\r\n`, `${OK}A: b\r\n\r\n`],
  ['a bare CR', `${OK}A: b\rc\r\n\r\n`, `${OK}A: b c\r\n\r\n`],
  ['a control character', `${OK}A: b\x01c\x7f\r\n\r\n`, `${OK}A: b c\r\n\r\n`],
  ['spaces in the status line', 'HTTP/1.1  200   OK\r\n\r\n', `${OK}\r\n`],
  ['a protocol in lower case', 'http/1.1 200 OK\r\n\r\n', `${OK}\r\n`],
  ['a later minor version', 'HTTP/1.2 200 OK\r\n\r\n', `${OK}\r\n`],
  [
    'equal lengths',
    `${OK}Content-Length: 5\r\nA: b\r\ncontent-length: 5\r\n\r\n`,
    `${OK}A: b\r\nContent-Length: 5\r\n\r\n`,
  ],
  ['an empty length', `${OK}Content-Length: \r\nA: b\r\n\r\n`, `${OK}A: b\r\n\r\n`],
  [
    'an empty length beside one',
    `${OK}Content-Length:\r\nContent-Length: 5\r\n\r\n`,
    `${OK}Content-Length: 5\r\n\r\n`,
  ],
  [
    'a length beside chunks',
    `${OK}Content-Length: 1\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `${OK}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
  ],
] as const;

describe('the head of an answer', () => {
  it.each(LEFT_ALONE)('stays as it is: %s', (_, head) => {
    expect(normaliseHead(head)).toBeUndefined();
  });

  it.each(NORMALISED)('is normalised: %s', (_, head, expected) => {
    expect(normaliseHead(head)).toBe(expected);
  });

  it.each(NORMALISED)('does not change a second time: %s', (_, __, expected) => {
    expect(normaliseHead(expected)).toBeUndefined();
  });

  it.each([
    ['folded lines', 'a :\t\r\n '],
    ['spaces before a colon', `a${' '.repeat(50)}:\n`],
    ['lines that are no fields', ': \r\n'],
    ['lengths', 'Content-Length: 5\n'],
    ['carriage returns', '\r'],
  ])('takes time linear in its length: %s', (_, line) => {
    const head = `HTTP/1.1 200 OK\r\n${line.repeat(Math.ceil(131_072 / line.length))}\r\n\r\n`;
    expect(cpuTimeMs(() => void normaliseHead(head))).toBeLessThan(1000);
  });
});
