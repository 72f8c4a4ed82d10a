import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fileNameOf } from '../../../contract/image-name.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { aResult } from '../records.ts';
import { serveRun } from './a-watched-run.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const EVIL = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><script>document.title='owned'</script></svg>`;

/** The browser of this machine, where there is one. */
const browser = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => isExecutable(path));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The page as a browser has it after its script has run. */
async function domOf(url: string): Promise<string> {
  const profile = await freshFolder();
  // Its own sandbox needs rights that a container or root has not; the page is ours.
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const of = [`--user-data-dir=${profile}`, '--window-size=390,844', '--timeout=5000'];
  const words = [...flags, ...of, '--dump-dom', url];
  const { stdout } = await promisify(execFile)(browser ?? '', words, { timeout: 50_000 });
  return stdout;
}

describe.skipIf(browser === undefined)(`in a browser (${browser ?? `none of ${NAMES}`})`, () => {
  test('the page shows what is known, and text of strangers as text', async () => {
    const sha256 = hash('sha256', SVG);
    const picture = { format: 'svg', width: 30, height: 20, bytes: SVG.length, sha256 };
    const strangers = { title: EVIL, foundOn: `javascript:document.title='owned'` };
    const file = fileNameOf(sha256, 'svg');
    const results = [
      aResult({ ...picture, ...strangers, url: 'http://a.example/1.svg', file: `images/${file}` }),
      aResult({ url: 'http://b.example/', status: 'failed', reason: 'timeout' }),
    ];
    const { page } = await serveRun({
      results,
      progress: { targets: 9, succeeded: 1, failed: 1, reasons: { timeout: 1 } },
      sourceName: EVIL,
      files: { [file]: SVG },
    });

    const dom = await domOf(page.url);

    expect(dom).toContain('<title>Crawl 20261123T214455-x7k2</title>');
    expect(dom).toContain('<b>2</b>of 9 URLs');
    expect(dom).toContain('<td data-title="host">a.example</td>');
    expect(dom).toContain('<td data-title="meaning">a time limit passed</td>');
    const images = dom.match(/<img [^>]*>/g);
    expect(images).toEqual([expect.stringContaining(`src="/picture/${sha256}"`)]);
    expect(dom.match(/<script/g)).toHaveLength(2);
    expect(dom).toContain('&lt;img src=x onerror=');
    expect(dom).not.toMatch(/href="javascript:/);
    expect(dom).toMatch(/<a href="http:\/\/a\.example\/1\.svg" rel="noreferrer noopener"/);
  });
});
