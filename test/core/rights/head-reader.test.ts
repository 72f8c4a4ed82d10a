import { expect, it } from 'vitest';
import { RightsHeadReader } from '../../../core/rights/head-reader.ts';
import { headerRights } from '../../../core/rights/header-statements.ts';
import { cpuTimeMs } from '../../cpu-time.ts';

const PLAIN = { 'content-type': 'image/jpeg', etag: '"1"', 'cache-control': 'max-age=60' };
const HEADS = [
  PLAIN,
  { ...PLAIN, 'x-robots-tag': 'noai' },
  { ...PLAIN, 'robots-tag': '*;noindex' },
  { ...PLAIN, 'content-usage': 'train-ai=n, search=y' },
  { ...PLAIN, 'tdm-reservation': '1', 'tdm-policy': 'https://p.test/' },
  { ...PLAIN, link: '</l.xml>; rel=license; type="application/rsl+xml"' },
  { ...PLAIN, 'x-robots-tag': 'ourbot: noindex', 'content-usage': 'x'.repeat(3000) },
];

it('a head that is read again says the same, to each product what is said to it', () => {
  const reader = new RightsHeadReader();
  for (let round = 0; round < 2; round += 1)
    for (const head of HEADS)
      for (const token of ['OurBot', 'another'])
        expect(reader.read(head, token)).toEqual(headerRights(head, token));
});

it('many different heads are forgotten, and read again', () => {
  const reader = new RightsHeadReader();
  const headOf = (at: number) => ({ 'tdm-policy': `https://p.test/${at}`, 'tdm-reservation': '1' });
  for (let at = 0; at < 1000; at += 1)
    expect(reader.read(headOf(at), 'x').tdm?.policy).toBe(`https://p.test/${at}`);
  expect(reader.read(headOf(0), 'x').tdm?.policy).toBe('https://p.test/0');
});

it('to read the heads of a site costs less than three microseconds for each image', () => {
  const reader = new RightsHeadReader();
  const images = 50_000;
  for (const head of HEADS.slice(0, 6)) {
    reader.read(head, 'OurBot');
    const tookMs = cpuTimeMs(() => {
      for (let at = 0; at < images; at += 1) reader.read(head, 'OurBot');
    });
    expect((tookMs * 1000) / images).toBeLessThan(3);
  }
});
