import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headerLines } from '../../../cli/options/header-lines.ts';
import { readRunSettings } from '../../../cli/options/run-settings.ts';
import { runDefaults } from '../../../contract/run-defaults.ts';
import { runSettings } from '../../../contract/run-settings.ts';
import { PURPOSES } from '../../../core/model/purpose.ts';
import { freshFolder } from '../../fresh-folder.ts';

type Typed = Parameters<typeof readRunSettings>[0];

/** The message that typed settings are refused with. */
function refusalOf(typed: Typed): string {
  try {
    readRunSettings(typed, '1');
  } catch (error) {
    return String(error);
  }
  throw new Error('it was taken');
}

describe('--referer', () => {
  it('names the page when nothing is said', () => {
    expect(readRunSettings({}, '1').referer).toBe('page');
  });

  it.each(['page', 'site', 'none'])('can be %s', (referer) => {
    expect(readRunSettings({ referer }, '1').referer).toBe(referer);
  });

  it('is refused with what is expected', () => {
    expect(refusalOf({ referer: 'all' })).toContain(
      '--referer: expected page, site, none, got "all"',
    );
  });
});

describe('--purpose', () => {
  it('is all of them when nothing is said', () => {
    expect(readRunSettings({}, '1').purposes).toEqual(PURPOSES);
  });

  it('is kept once each', () => {
    const { purposes } = readRunSettings({ purpose: ['keep', 'search', 'keep'] }, '1');
    expect(purposes).toEqual(['search', 'keep']);
  });

  it('is refused with what is expected', () => {
    expect(refusalOf({ purpose: ['search', 'art'] })).toContain(
      '--purpose: expected train, ai-input, search, tdm, keep, got "art"',
    );
  });
});

describe('a request for tdmrep.json', () => {
  it.each<[Pick<Typed, 'purpose' | 'tdmrep'>, boolean | undefined]>([
    [{}, undefined],
    [{ purpose: ['tdm'] }, true],
    [{ purpose: ['search', 'train'] }, true],
    [{ purpose: ['ai-input'] }, true],
    [{ purpose: ['search', 'keep'] }, undefined],
    [{ tdmrep: true }, true],
    [{ tdmrep: true, purpose: ['search'] }, true],
    [{ tdmrep: false, purpose: ['tdm'] }, undefined],
  ])('%j: %s', (typed, tdmRep) => {
    expect(readRunSettings(typed, '1').tdmRep).toBe(tdmRep);
    // The settings of a deployment mean the same.
    const { purpose: purposes, tdmrep } = typed;
    expect(runDefaults.parse({ purposes, tdmRep: tdmrep }).tdmRep).toBe(tdmRep ?? false);
  });
});

describe('--max-crawl-delay', () => {
  it.each([
    [undefined, undefined],
    ['10m', 600_000],
    ['45s', 45_000],
    ['0', 0],
  ])('%s: %s', (maxCrawlDelayMs, expected) => {
    expect(readRunSettings({ maxCrawlDelayMs }, '1').maxCrawlDelayMs).toBe(expected);
  });

  it('has an end', () => {
    expect(refusalOf({ maxCrawlDelayMs: '16m' })).toContain(
      '--max-crawl-delay: expected milliseconds from 0 to 900000',
    );
  });
});

describe('--header', () => {
  it('is kept as the table reads it back', () => {
    const header = ['X-A: 1', 'a.test Authorization: Basic x'];
    const settings = readRunSettings({ header }, '1');
    expect(settings.headers).toEqual([
      { name: 'X-A', value: '1' },
      { host: 'a.test', name: 'Authorization', value: 'Basic x' },
    ]);
    expect(runSettings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('is absent where none is given', () => {
    expect(readRunSettings({}, '1').headers).toBeUndefined();
  });

  it('is refused without its value, each problem on a line', () => {
    const header = ['Authorization: secret', 'Host: secret', 'secret'];
    const refusal = refusalOf({ header });
    expect(refusal.split('\n')).toHaveLength(3);
    expect(refusal).not.toContain('secret');
  });

  it('is not taken more than fifty times', () => {
    expect(refusalOf({ header: Array(51).fill('X: 1') })).toContain('at most 50');
  });

  it('is read from the lines of a file', async () => {
    const base = await freshFolder();
    await writeFile(join(base, 'headers'), '# staging\r\nX-A: 1\r\n\r\na.test Cookie: c=1\n');
    expect(await headerLines(['X-B: 2', '@headers'], base)).toEqual([
      'X-B: 2',
      'X-A: 1',
      'a.test Cookie: c=1',
    ]);
    await expect(headerLines(['@missing'], base)).rejects.toThrow(
      '--header: cannot read missing: no such file or directory',
    );
  });

  it('that the table has is refused by its record without its value', () => {
    const headers = [{ name: 'Host', value: 'secret' }];
    const parsed = runSettings.shape.headers.safeParse(headers);
    expect(parsed.success).toBe(false);
    expect(String(parsed.error)).not.toContain('secret');
  });
});
