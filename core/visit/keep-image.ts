import { hash } from 'node:crypto';
import type { Facts } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { ImageStore, InspectImage, Inspection, OnImage } from '../ports/images.ts';
import type { JudgeFile } from '../rights/visit-rights.ts';
import { hashProblem } from './check-hash.ts';
import { judgeImage } from './judge-image.ts';
import { type Ending, ended } from './visit-step.ts';

/** Dependencies of `keepImage`. */
export interface KeepPorts {
  readonly inspectImage: InspectImage;
  readonly imageStore: ImageStore;
  readonly onImage: OnImage;
}

/** Looks at bytes and keeps them when they are an image, and free; `seen` is what is known of them already. */
export async function keepImage(
  url: string,
  bytes: Uint8Array,
  seen: Facts,
  run: Run,
  ports: KeepPorts,
  judgeFile: JudgeFile,
): Promise<Ending> {
  return keepInspected(url, bytes, ports.inspectImage(bytes), seen, run, ports, judgeFile);
}

/** The same for bytes that were looked at before. */
export async function keepInspected(
  url: string,
  bytes: Uint8Array,
  inspection: Inspection,
  seen: Facts,
  run: Run,
  { imageStore, onImage }: KeepPorts,
  judgeFile: JudgeFile,
): Promise<Ending> {
  const judged = judgeImage(inspection, bytes.byteLength, run.settings);
  if (judged.kind === 'unfit') return ended(judged.reason, { ...seen, ...judged.facts });
  const inFile = inspection.kind === 'image' ? inspection.rights : undefined;
  const verdict = judgeFile(inFile ?? []);
  const { rights } = verdict;
  if (verdict.kind === 'refused') {
    const { reason, detail } = verdict;
    return ended(reason, { ...seen, ...judged.facts, detail, rights });
  }
  const sha256 = hash('sha256', bytes, 'hex');
  const facts = { ...seen, ...judged.facts, sha256 };
  const mismatch = hashProblem(bytes, sha256, seen.expectedHash);
  if (mismatch !== undefined) return ended('hash-mismatch', { ...facts, rights, detail: mismatch });
  const image = { url, bytes, sha256, ...judged.facts };
  const decision = await onImage(image);
  if (decision.kind === 'skip')
    return ended('filtered', { ...facts, rights, detail: decision.detail });
  const file = await imageStore.put(run, image);
  const extra = finiteOnly(decision.extra);
  return { status: 'succeeded', reason: null, facts: { ...facts, file, rights, extra } };
}

/** NaN and the infinities have no JSON: a result that holds one could never be read again. */
function finiteOnly(extra: Facts['extra']): Facts['extra'] {
  if (extra === undefined) return undefined;
  const kept = Object.entries(extra).filter(
    ([, value]) => Number.isFinite(value) || typeof value !== 'number',
  );
  return Object.fromEntries(kept);
}
