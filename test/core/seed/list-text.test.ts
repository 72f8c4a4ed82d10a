import { describe, expect, it } from 'vitest';
import { textsOfCell, textsOfLine } from '../../../core/seed/list-text.ts';
import { cpuTimeMs } from '../../cpu-time.ts';

const A = 'http://a.test/1.png';
const B = 'https://b.test/2.png';

/** Texts; a problem is shown after the text and an exclamation mark. */
function shown(texts: ReturnType<typeof textsOfLine>): readonly string[] {
  return texts.map(({ text, problem }) => (problem === undefined ? text : `${text} ! ${problem}`));
}

const SPACE = 'a space in it: write %20, or a TAB before text that is not part of the URL';
const QUOTE = 'a quote or bracket in it: write %22, %3C or %3E';
const COMMA = 'text after a comma: write %2C where it is part of the URL';

const LINES: readonly (readonly [line: string, ...texts: string[]])[] = [
  [''],
  [' \t \u{feff}'],
  ['# a comment'],
  ['  #comment\twith a TAB'],
  [A, A],
  [`\u{feff} ${A}\u{200b}\t `, A],
  [`${A} # a comment`, A],
  [`${A}\t# a comment`, A],
  [`${A}#fragment`, `${A}#fragment`],
  [`${A}\tA cat`, A],
  [`A cat\t${A}`, A],
  [`7\t${A}\tA cat\t${B}`, A, B],
  ['7\tA cat', '7\tA cat ! none of the fields between its TABs is a URL'],
  [`${A} A cat`, `${A} A cat ! ${SPACE}`],
  [`${A} cat.png`, `${A} cat.png ! ${SPACE}`],
  ['http://a.test/my cat+dog 1.png?w=2', 'http://a.test/my cat+dog 1.png?w=2'],
  ['http://a.test/d.1/my cat.png', 'http://a.test/d.1/my cat.png'],
  ['http://a.test/my cat', `http://a.test/my cat ! ${SPACE}`],
  ['http://a.test/my\u{a0}cat.png', `http://a.test/my\u{a0}cat.png ! ${SPACE}`],
  ['http://a.test cat.png', `http://a.test cat.png ! ${SPACE}`],
  ['http://a.test/?q=my cat.png', `http://a.test/?q=my cat.png ! ${SPACE}`],
  ['http:/a.test/my cat.png', `http:/a.test/my cat.png ! ${SPACE}`],
  [`${A}\u{a0}A cat`, `${A}\u{a0}A cat ! ${SPACE}`],
  [`${A} ${B}`, A, B],
  [`${A},${B}`, A, B],
  [`${A} ; ${B} |`, A, B],
  [`${A}${B}`, `${A}${B}`],
  [`"${A}"`, A],
  [`'${A}',`, A],
  [`<${A}>`, A],
  [`"${A}", "${B}"`, A, B],
  [`- ${A}`, A],
  [`12. ${A}`, A],
  [`A cat: ${A}`, A],
  [`www.b.test/2.png ${A}`, 'www.b.test/2.png', A],
  [`"${A}`, `"${A} ! ${QUOTE}`],
  [`<img src="${A}">`, `<img src="${A}">`],
  ['http://a.test/?a=1&amp;b=2&#38;c=3&#038;d=4&#x26;e', 'http://a.test/?a=1&b=2&c=3&d=4&e'],
  ['http://a.test/w_1,h_2/a.png', 'http://a.test/w_1,h_2/a.png'],
  ['http://a.test/1.png,w=2', 'http://a.test/1.png,w=2'],
  [`${A},caption`, `${A},caption ! ${COMMA}`],
  [`${A},`, A],
  ['http://a.test/\u{1}.png', 'http://a.test/\u{1}.png ! a control character in it'],
  ['http://a.test/\u{fffd}.png', 'http://a.test/\u{fffd}.png ! it is not UTF-8'],
  ['http://a.test/é本.png', 'http://a.test/é本.png'],
  ['not a url', 'not a url'],
  ['ftp://a.test/1.png', 'ftp://a.test/1.png'],
];

const CELLS: readonly (readonly [cell: string, ...texts: string[]])[] = [
  [''],
  [' [ ] '],
  [A, A],
  [`${A}, ${B}`, A, B],
  [`${A}\r\n${B}`, A, B],
  [`${A}|${B}`, A, B],
  [`['${A}', '${B}']`, A, B],
  [`["${A}","${B}"]`, A, B],
  ['http://a.test/my cat.png', 'http://a.test/my cat.png'],
  [`${A} 2x, ${B} 3x`, `${A} 2x ! a space in it: write %20`, `${B} 3x ! a space in it: write %20`],
  [`${A} cat.png`, `${A} cat.png ! a space in it: write %20`],
  ['http://a.test/a\tb.png', 'http://a.test/a\tb.png ! a control character in it'],
  ['http://a.test/a\nb.png', 'http://a.test/a\nb.png ! a control character in it'],
  ['http://a.test/\u{d800}.png', 'http://a.test/\u{d800}.png ! it is not UTF-8'],
  ['# no comment', '# no comment'],
];

describe('the URLs of a line of text', () => {
  it.each(LINES)('%j', (line, ...texts) => {
    expect(shown(textsOfLine(line))).toEqual(texts);
  });
});

describe('the URLs of a cell', () => {
  it.each(CELLS)('%j', (cell, ...texts) => {
    expect(shown(textsOfCell(cell))).toEqual(texts);
  });
});

describe('a text that is made to take long', () => {
  const length = 1_000_000;
  it.each([
    ['separators', `${','.repeat(length)}x`],
    ['spaces', `x${' '.repeat(length)}x`],
    ['image endings', `${A}${'.png?'.repeat(length / 5)}\n`],
    ['slashes', `${'http://a.test/'}${'/'.repeat(length)} .png`],
    ['schemes', 'http://'.repeat(length / 7)],
    ['brackets', '['.repeat(length)],
    ['comments', ' #'.repeat(length / 2)],
  ])('of %s takes a time that grows with its length', (_, text) => {
    const tookMs = cpuTimeMs(() => {
      textsOfLine(text);
      textsOfCell(text);
    });
    // Some 50 ms; with the square of the length it is minutes.
    expect(tookMs).toBeLessThan(5000);
  });
});
