import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeUnusableFile } from '../../../cli/output/unusable-file.ts';
import { unusableJson, unusableLines } from '../../../cli/output/unusable-lines.ts';
import { FIRST_CHECKPOINT } from '../../../core/model/run.ts';
import { gather, ListFolder } from '../../seeds/lists.ts';
import { aRun } from '../../worker/records.ts';

const folder = new ListFolder();
let out: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'crawl-test-'));
});

afterAll(async () => {
  folder.remove();
  await rm(out, { recursive: true });
});

function aRunOf(contents: readonly string[], badLines: number) {
  const lists = contents.map((content, at) => folder.list(content, { name: `list ${at}` }));
  return { ...aRun([]), lists, checkpoint: { ...FIRST_CHECKPOINT, badLines } };
}

async function linesOf(contents: readonly string[], badLines: number) {
  const run = aRunOf(contents, badLines);
  return (await gather(unusableJson(unusableLines(run, folder.source)))).join('');
}

describe('the lines that gave no URL', () => {
  it('are told with their list, number, problem and text, in their order', async () => {
    const told = await linesOf(['x\nhttp://a.test/\ny\n', 'ftp://a.test/\n'], 3);
    expect(told.split('\n').map((line) => (line === '' ? line : JSON.parse(line)))).toEqual([
      { list: 'list 0', line: 1, problem: 'not a URL: x', text: 'x' },
      { list: 'list 0', line: 3, problem: 'not a URL: y', text: 'y' },
      {
        list: 'list 1',
        line: 1,
        problem: 'not http or https: ftp://a.test/',
        text: 'ftp://a.test/',
      },
      '',
    ]);
  });

  it('are those that the seeder has come to', async () => {
    expect((await linesOf(['x\ny\nz\n', 'a\n'], 2)).split('\n')).toHaveLength(3);
    expect(await linesOf(['x\n'], 0)).toBe('');
  });

  it.each([
    ['a sequence of a terminal', '\u001b[2J\u009b2J', '\\u001b[2J\\u009b2J'],
    ['text turned around', 'a\u202ecod', 'a\\u202ecod'],
    ['a hidden character', 'a\u200db', 'a\\u200db'],
    ['a hidden character beyond the first plane', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
    ['a quote', 'a"b', 'a\\"b'],
  ])('are escaped where they hold %s', async (_, text, escaped) => {
    const told = await linesOf([`${text}\n`], 1);
    expect(told).toContain(`"text":"${escaped}"`);
    expect(JSON.parse(told)).toMatchObject({ text });
  });

  it('are cut to their beginning', async () => {
    const told = await linesOf([`${'x\u0001'.repeat(100_000)}\n`], 1);
    expect(JSON.parse(told).text).toHaveLength(500);
  });

  it('are told for a person, the first hundred', async () => {
    const run = aRunOf(['x\n'.repeat(101)], 101);
    const file = await writeUnusableFile(run, folder.source, out);
    expect(file?.told).toHaveLength(100);
    await rm(file?.path ?? '');
  });

  it('hold no credentials', async () => {
    const secret = ['http://me:secret@a.test/x y', 'ftp://me:se@cret@a.test/', 'me:secret@a.test'];
    const told = await linesOf([`${secret.join('\n')}\n`], 3);
    expect(told.split('\n').slice(0, 3)).toEqual([
      expect.stringContaining('"text":"http://…@a.test/x y"'),
      expect.stringContaining('"text":"ftp://…@a.test/"'),
      expect.stringContaining('"text":"…@a.test"'),
    ]);
    expect(told).not.toMatch(/secret|cret@/);
  });

  it('are in a file, which is removed when there are no such lines', async () => {
    const run = aRunOf(['x\n'], 1);
    const file = await writeUnusableFile(run, folder.source, out);
    expect(await readFile(file?.path ?? '', 'utf8')).toContain('not a URL: x');
    expect(file?.told).toEqual(['list 0:1: not a URL: x']);
    const fine = aRunOf(['http://a.test/'], 0);
    expect(await writeUnusableFile(fine, folder.source, out)).toBeUndefined();
    expect(await readdir(out)).toEqual([]);
  });

  it('leave no half of a file when a list is gone', async () => {
    const run = aRunOf(['x\n'], 2);
    const gone = folder.list('', { location: 'file:///nowhere/list.txt' });
    await writeFile(join(out, 'unusable.jsonl'), 'before');
    const broken = { ...run, lists: [...run.lists, gone] };
    await expect(writeUnusableFile(broken, folder.source, out)).rejects.toThrow('ENOENT');
    expect(await readdir(out)).toEqual(['unusable.jsonl']);
  });
});
