import { describe, expect, it } from 'vitest';
import { readRsl } from '../../../adapters/html/read-rsl.ts';
import { parseContentUsage } from '../../../core/rights/content-usage.ts';
import { robotsTagRules } from '../../../core/rights/robots-tag.ts';
import { RslTerms, rslStatement } from '../../../core/rights/rsl.ts';
import { MAX_TDMREP_BYTES, parseTdmRep, TdmRules } from '../../../core/rights/tdmrep.ts';
import { cpuTimeMs } from '../../cpu-time.ts';

/** A path on which a pattern with many wildcards could try many ways. */
const PATH = `https://a.test/${'a'.repeat(8000)}`;
const WILD = `/${'*a'.repeat(500)}b`;
/** Processor time that nothing here comes near, in milliseconds. */
const LONG_MS = 3000;

function inTime<T>(work: () => T): T {
  const results: T[] = [];
  const tookMs = cpuTimeMs(() => results.push(work()));
  expect(tookMs).toBeLessThan(LONG_MS);
  const [result] = results;
  if (result === undefined) throw new Error('the work gave nothing');
  return result;
}

const rule = (location: string) => `{"location":${JSON.stringify(location)},"tdm-reservation":1}`;
const full = (text: string) => text.repeat(Math.floor(MAX_TDMREP_BYTES / text.length));

describe('a hostile tdmrep.json', () => {
  it.each([
    ['nested without end', '['.repeat(MAX_TDMREP_BYTES)],
    ['closed nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['an object', `{"a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_001)}`],
    ['numbers', `[${full('1e999,')}1]`],
    ['prototypes', '[{"__proto__":{"location":"/","tdm-reservation":1}},{"constructor":1}]'],
    ['other types', '[null,1,"x",[],{"location":{},"tdm-reservation":1},{"location":["/"]}]'],
  ])('of %s reserves nothing', (_, text) => {
    const rules = inTime(() => parseTdmRep(text) ?? []);
    expect(new TdmRules(rules).about('https://a.test/x')).toEqual({});
  });

  it('of as many rules as fit is cut, and asked in time', () => {
    const rules = inTime(() => parseTdmRep(`[${full(`${rule('/x')},`)}${rule('/')}]`) ?? []);
    expect(rules.length).toBeLessThanOrEqual(10_000);
    expect(inTime(() => new TdmRules(rules).about(PATH))).toEqual({});
  });

  it('of wildcards is asked in time', () => {
    const rules = inTime(() => parseTdmRep(`[${full(`${rule(WILD)},`)}${rule('/')}]`) ?? []);
    expect(inTime(() => new TdmRules(rules).about(PATH))).toMatchObject({ reservation: 1 });
  });
});

describe('a hostile document of RSL', () => {
  const content = (url: string) =>
    `<content url="${url}"><license><prohibits type="usage">all</prohibits></license></content>`;
  const rsl = (inside: string) => `<rsl xmlns="https://rslstandard.org/rsl">${inside}</rsl>`;

  it.each([
    ['nested without end', rsl('<content>'.repeat(20_000))],
    ['entities of entities', `<!DOCTYPE r [${'<!ENTITY a "&b;&b;">'.repeat(5000)}]>${rsl('&a;')}`],
    [
      'a file of this machine',
      `<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hosts">]><rsl>&a;</rsl>`,
    ],
    ['bytes that are no text', Buffer.alloc(200_000, 0xff)],
  ])('of %s is unreadable, which reserves everything', (_, text) => {
    const document = cpuRead(text);
    const terms = document === undefined ? undefined : new RslTerms(document);
    const said = rslStatement('https://a.test/x', 'https://a.test/l.xml', terms);
    expect(said?.positions['train'] ?? 'reserved').toBe('reserved');
  });

  it('of many scopes with wildcards is asked in time', () => {
    const document = cpuRead(rsl(content(WILD).repeat(200)));
    if (document === undefined) throw new Error('unreadable');
    expect(inTime(() => new RslTerms(document).contentFor(PATH) ?? 'none')).toBe('none');
  });

  function cpuRead(text: string | Uint8Array) {
    const read: ReturnType<typeof readRsl>[] = [];
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    expect(cpuTimeMs(() => read.push(readRsl(bytes)))).toBeLessThan(LONG_MS);
    return read[0];
  }
});

describe('a hostile header', () => {
  it.each([
    ['a list without end', 'a=1,'.repeat(20_000)],
    ['an inner list', `train-ai=(${'n '.repeat(20_000)}`],
    ['parameters', `train-ai=n${';a=1'.repeat(20_000)}`],
    ['quotes', `train-ai="${'\\"'.repeat(20_000)}`],
  ])('of %s is read in time', (_, header) => {
    expect(inTime(() => parseContentUsage(header))).toBeDefined();
    expect(inTime(() => robotsTagRules(header, 'ourbot'))).toBeDefined();
  });
});
