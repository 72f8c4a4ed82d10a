import { expect, it } from 'vitest';
import { refuseMixed } from '../../../cli/options/refuse-mixed.ts';
import { imageSettings } from '../../../contract/run-settings.ts';

const warc = { format: 'warc', shardSize: 1, names: 'url', croissant: false } as const;

it.each([
  ['a hash of pages', { isOfPages: true, hashColumn: 'md5' }, '--hash-column'],
  [
    'an archive of resized images',
    { isOfPages: false, output: warc, imageWork: imageSettings.parse({ resize: 256 }) },
    '--format warc',
  ],
  [
    'an archive of images in another format',
    { isOfPages: false, output: warc, imageWork: imageSettings.parse({ encode: 'webp' }) },
    '--format warc',
  ],
])('%s is refused', (_, mixed, option) => {
  expect(() => refuseMixed({ imageWork: undefined, ...mixed })).toThrow(option);
});

it('an archive of images with their hashes is made', () => {
  const imageWork = imageSettings.parse({ pdq: true });
  expect(() => refuseMixed({ isOfPages: false, output: warc, imageWork })).not.toThrow();
});
