import * as z from 'zod';
import { keptResult } from '../core/model/result.ts';
import type { Fields } from './fields.ts';
import { count } from './reason-counts.ts';
import type { HostSums } from './settled-sums.ts';

const hostSums = z.object({
  host: z.string(),
  succeeded: count,
  failed: count,
  skipped: count,
  refused: count,
  asked: count,
  askedMs: z.number(),
} satisfies Fields<HostSums>);

/** A schema for all fields of a result would cost more to make than all its uses. */
const picture = keptResult
  .pick({
    url: true,
    status: true,
    reason: true,
    title: true,
    alt: true,
    foundOn: true,
    format: true,
    width: true,
    height: true,
    bytes: true,
    sha256: true,
    storedSha256: true,
    storedFormat: true,
    file: true,
    offset: true,
    length: true,
  })
  .partial()
  .required({ url: true, status: true, reason: true });

/** What a picture is shown with. */
export type PictureFields = Readonly<Omit<z.output<typeof picture>, 'url' | 'status' | 'reason'>>;

const batch = z.object({ sums: z.array(hostSums), pictures: z.array(picture) });

/** What a function's thread settled in half a second: sums by host, and the newest pictures. */
export type SettledBatch = Readonly<z.output<typeof batch>>;

/** Reads such a batch. */
export function parseSettledBatch(json: string): SettledBatch {
  return batch.parse(JSON.parse(json));
}
