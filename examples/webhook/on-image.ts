import type { OnImage } from '../../core/ports/hooks.ts';

/** Told of each image, as JSON. */
const ENDPOINT = 'http://127.0.0.1:8787/images';
/** A server that does not answer must not hold up a crawl, in milliseconds. */
const TIMEOUT_MS = 3000;

/**
 * Tells a server of each image; one that it refuses is left out. Its failure is thrown, so that the image
 * comes again.
 */
export function tellOf(endpoint: string): OnImage {
  return async ({ url, sha256, width, height }, { runId, target }) => {
    const { alt, foundOn } = target;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ runId, url, sha256, width, height, alt, foundOn }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status === 422) return { kind: 'skip', detail: 'refused by the webhook' };
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
    return { kind: 'keep' };
  };
}

export const onImage: OnImage = tellOf(ENDPOINT);
