import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from '../local/project.ts';

/** Where a file of ours may be named by its path: in comments, in messages and on pages. */
const TEXTS =
  '{core,contract,adapters,lambdas,infra,local,cli,bench,test,docs}/**/*.{ts,js,cjs,md}';
const ROOT_TEXTS = '*.{md,json,ts}';
const NAMED =
  /(?<![\w./-])(?:core|contract|adapters|lambdas|infra|local|cli|bench|test|docs)\/[\w./-]+\.(?:[cm]?[jt]s|md|json)\b/g;

/** Tests write files of these names into folders of their own. */
const MADE_UP = /^test\/architecture\.test\.ts$/;

it('every file of ours that is named by its path is there', () => {
  const files = globSync([TEXTS, ROOT_TEXTS], { cwd: PROJECT });
  const missing = files.flatMap((file) => {
    if (MADE_UP.test(file)) return [];
    const named = readFileSync(join(PROJECT, file), 'utf8').match(NAMED) ?? [];
    const absent = named.filter((path) => !existsSync(join(PROJECT, path)));
    return absent.map((path) => `${file} names ${path}`);
  });
  expect(missing).toEqual([]);
});
