import type { FetchOutcome } from '../../../core/ports/fetcher.ts';
import type { Inspection } from '../../../core/ports/images.ts';

/** A picture: as many bytes as its URL has. */
export function picture(url: string, publicAddress?: string): FetchOutcome {
  const body = new TextEncoder().encode(url);
  return { kind: 'body', httpStatus: 200, headers: {}, publicAddress, body, release: () => {} };
}

export function notFound(publicAddress?: string): FetchOutcome {
  return { kind: 'no-body', httpStatus: 404, headers: {}, publicAddress };
}

export const SILENT: FetchOutcome = { kind: 'failed', reason: 'timeout', detail: 'model' };

export const UNREACHABLE: FetchOutcome = {
  kind: 'failed',
  reason: 'connection-failed',
  detail: 'model',
};

/** Every body of the model is a picture. */
export function inspectModel(): Inspection {
  return { kind: 'image', facts: { format: 'jpeg', width: 640, height: 480 } };
}
