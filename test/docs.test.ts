import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasonCells } from '../cli/commands/reasons.ts';
import { METRICS } from '../contract/metrics.ts';
import { REASON_NAMES } from '../core/model/outcome.ts';
import { resultFields } from '../core/model/result.ts';
import { runMain } from './cli/run-main.ts';

const README = readFileSync('README.md', 'utf8');
const ADRS = readdirSync('docs/adr').map((name) => `docs/adr/${name}`);

/** `npx crawl COMMAND …` lines of the README's code blocks. */
const COMMANDS = [...README.matchAll(/^npx crawl (\S+)(.*)$/gm)].map(
  ([, name = '', rest = '']) => ({
    name,
    options: [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option),
  }),
);

describe('the README', () => {
  it('has at most ten kilobytes', () => {
    expect(statSync('README.md').size).toBeLessThanOrEqual(10_000);
  });

  it.each(COMMANDS)('names options that $name has: $options', async ({ name, options }) => {
    const { exitCode, stdout } = await runMain('.', [name, '--help']);
    expect(exitCode).toBe(0);
    for (const option of options) expect(stdout).toContain(option);
  });

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const named = [...README.matchAll(/^npm run (\S+)/gm)].map(([, script]) => script);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});

describe('a page', () => {
  it.each(globSync(['*.md', 'docs/**/*.md']))('links to files that are there: %s', (page) => {
    const text = readFileSync(page, 'utf8');
    const links = [...text.matchAll(/\]\((?!http)([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, path = '']) => path,
    );
    expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([]);
  });
});

describe('a decision', () => {
  it.each(ADRS)('names what confirms it: %s', (path) => {
    const [, confirmation = ''] = readFileSync(path, 'utf8').split('Confirmed by:');
    const files = [...confirmation.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('the table of metrics', () => {
  it('stands in the docs as the functions write them', () => {
    const rows = Object.entries(METRICS).map(([name, { unit, by, about }]) => {
      return `| ${[`\`${name}\``, unit, by.join(', '), about].join(' | ')} |`;
    });
    const table = readFileSync('docs/metrics.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| `/.test(line));
    expect(table).toEqual(rows);
  });
});

describe('the table of fields of results', () => {
  it('stands in the docs as the schema describes them', () => {
    const rows = Object.entries(resultFields.shape).map(
      ([name, { description }]) => `| \`${name}\` | ${description} |`,
    );
    const [, intro = ''] = /^([\s\S]*?)^## /m.exec(readFileSync('docs/results.md', 'utf8')) ?? [];
    expect(intro.split('\n').filter((line) => /^\| `/.test(line))).toEqual(rows);
  });
});

describe('the table of reasons', () => {
  it('stands in the docs as it is decided', () => {
    const rows = REASON_NAMES.map((reason) => {
      const [name, ...cells] = reasonCells(reason);
      return `| ${[`\`${name}\``, ...cells].join(' | ')} |`;
    });
    const table = readFileSync('docs/reasons.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| `/.test(line));
    expect(table).toEqual(rows);
  });

  it('is printed whole', async () => {
    const { exitCode, stdout } = await runMain('.', ['reasons']);
    expect(exitCode).toBe(0);
    for (const reason of REASON_NAMES) expect(stdout).toMatch(new RegExp(`^${reason} .*\\w$`, 'm'));
  });

  it('is there as JSON', async () => {
    const { stdout } = await runMain('.', ['reasons', '--json']);
    expect(Object.keys(JSON.parse(stdout))).toEqual(REASON_NAMES);
  });
});
