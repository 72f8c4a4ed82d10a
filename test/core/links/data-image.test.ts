import { describe, expect, it } from 'vitest';
import { parseDataImage } from '../../../core/links/data-image.ts';

function textOf(url: string): string | undefined {
  const bytes = parseDataImage(url)?.bytes;
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
}

describe('an image in a data: URL', () => {
  it.each([
    ['data:image/png;base64,aGFsbG8=', 'hallo'],
    ['data:image/png;base64,aGFsbG8', 'hallo'],
    ['data:image/png;base64,aGFs%20bG8%3D', 'hallo'],
    ['DATA:image/PNG;charset=x;BASE64,aGFsbG8=', 'hallo'],
    ['data:image/svg+xml,%3Csvg%20/%3E', '<svg />'],
    ['data:image/svg+xml,100%', '100%'],
    ['data:image/svg+xml,<svg/>#fragment', '<svg/>'],
    ['data:image/svg+xml,%3Csvg%3E%23', '<svg>#'],
  ])('%s is read', (url, expected) => {
    expect(textOf(url)).toBe(expected);
  });

  it.each(['data:image/png;base64,a', 'data:image/png;base64,*', 'data:image/png', 'https://a/,x'])(
    '%s is not one',
    (url) => {
      expect(parseDataImage(url)).toBeUndefined();
    },
  );

  it('is named by itself where it is short, otherwise by its type and hash', () => {
    expect(parseDataImage('data:image/png;base64,aGFsbG8=')?.url).toBe(
      'data:image/png;base64,aGFsbG8=',
    );
    const long = parseDataImage(`data:image/png;base64,${'aGFs'.repeat(1000)}`);
    expect(long?.url).toMatch(/^data:image\/png;sha256=[0-9a-f]{64},$/);
    expect(long?.bytes).toHaveLength(3000);
  });
});
