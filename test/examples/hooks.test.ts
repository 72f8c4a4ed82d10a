import { createServer } from 'node:http';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import type { ImageContext, OnImage } from '../../core/ports/hooks.ts';
import { onImage as label } from '../../examples/label/on-image.ts';
import { onPage as pageText } from '../../examples/page-text/on-page.ts';
import { onImage as thumbnail } from '../../examples/thumbnail/on-image.ts';
import { tellOf } from '../../examples/webhook/on-image.ts';
import { picture } from '../pixels/made-images.ts';

/** Calls a hook as a worker does. */
function call(hook: OnImage, bytes: Uint8Array) {
  const facts = { format: 'png', width: 400, height: 300 };
  const target = { url: 'http://a.test/1.png', alt: 'waves', foundOn: 'http://a.test/' };
  const context: ImageContext = { runId: 'run-1', target, stored: { bytes, ...facts } };
  return hook({ url: target.url, bytes, sha256: 'ab', ...facts }, context);
}

const waves = await picture(400, 300).png().toBuffer();
const flat = { width: 400, height: 300, channels: 3, background: 'white' } as const;
const blank = await sharp({ create: flat }).png().toBuffer();

it('the example of a thumbnail stores a small WebP', async () => {
  const decision = await call(thumbnail, waves);
  if (decision.kind !== 'keep') throw new Error('it was left out');
  const { bytes = new Uint8Array() } = decision.files?.['small'] ?? {};
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 200, height: 150 });
});

it('the example of a label gives different pictures different labels', async () => {
  const bars = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="90" height="300"/></svg>',
  );
  expect(await call(label, waves)).toMatchObject({ kind: 'keep', extra: { label: 'photo' } });
  const drawing = await sharp(bars).flatten({ background: 'white' }).png().toBuffer();
  expect(await call(label, drawing)).toMatchObject({ kind: 'keep', extra: { label: 'drawing' } });
  expect(await call(label, blank)).toEqual({ kind: 'skip', detail: 'a blank picture' });
});

it('the example of a webhook posts to a server and follows its answer', async () => {
  const heard: unknown[] = [];
  const statuses = [204, 422, 500];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    heard.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(statuses[heard.length - 1] ?? 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());

  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const webhook = tellOf(`http://127.0.0.1:${port}/images`);

  expect(await call(webhook, waves)).toEqual({ kind: 'keep' });
  expect(await call(webhook, waves)).toMatchObject({ kind: 'skip' });
  await expect(call(webhook, waves)).rejects.toThrow('the webhook answered 500');
  expect(heard[0]).toMatchObject({ runId: 'run-1', alt: 'waves', foundOn: 'http://a.test/' });
});

it('the example for pages counts words, and leaves out pages without images', async () => {
  const bytes = Buffer.from('<title>One</title><script>let x = 1</script><p>two <b>three</b>');
  const page = { url: 'http://a.test/', bytes, links: [] };
  const context = { runId: 'run-1', target: { url: page.url } };
  const image = { url: 'http://a.test/1.png' };
  const kept = await pageText({ ...page, images: [image] }, context);
  expect(kept).toEqual({ kind: 'keep', extra: { words: 3 } });
  expect(await pageText({ ...page, images: [] }, context)).toMatchObject({ kind: 'skip' });
});
