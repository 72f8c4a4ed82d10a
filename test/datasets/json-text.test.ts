import { expect, test } from 'vitest';
import { jsonText } from '../../adapters/datasets/json-text.ts';

test.each([
  ['\ud800', '\ufffd'],
  ['a\udc00b', 'a\ufffdb'],
  ['\\\ud800', '\\\ufffd'],
  ['\\ud800', '\\ud800'],
  ['\\\\ud800', '\\\\ud800'],
  ['🖼', '🖼'],
])('%j is read as %j', (text, expected) => {
  expect(JSON.parse(jsonText({ text }))).toEqual({ text: expected });
  expect(jsonText(text)).not.toMatch(/(?<!\\)(?:\\\\)*\\ud/);
});
