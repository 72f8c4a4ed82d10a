import { hash } from 'node:crypto';
import type { Facts } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { JudgeFile } from '../policies/visit-rights.ts';
import type { ImageDecision, OnImage } from '../ports/hooks.ts';
import type { ImageWorkEnd, MadeImage, WorkImage } from '../ports/image-work.ts';
import type {
  Image,
  ImageStore,
  InspectImage,
  Inspection,
  SideFileStore,
} from '../ports/images.ts';
import { hashProblem } from './check-hash.ts';
import { finiteOnly, storeFiles } from './hook-files.ts';
import { hookTarget } from './hook-target.ts';
import { judgeImage } from './judge-image.ts';
import { ended, refused, succeeded, type VisitOutcome } from './visit-outcome.ts';

/** Dependencies of `keepImage`. */
export interface KeepPorts {
  readonly inspectImage: InspectImage;
  readonly imageStore: ImageStore;
  readonly sideFiles: SideFileStore;
  readonly workImage: WorkImage;
  readonly onImage: OnImage;
}

/** Looks at bytes and keeps them when they are an image, and free; `seen` is what is known of them already. */
export async function keepImage(
  target: Target,
  bytes: Uint8Array,
  seen: Facts,
  run: Run,
  ports: KeepPorts,
  judgeFile: JudgeFile,
): Promise<VisitOutcome> {
  return keepInspected(target, bytes, ports.inspectImage(bytes), seen, run, ports, judgeFile);
}

/** The same for bytes that were looked at before. */
export async function keepInspected(
  target: Target,
  bytes: Uint8Array,
  inspection: Inspection,
  seen: Facts,
  run: Run,
  ports: KeepPorts,
  judgeFile: JudgeFile,
): Promise<VisitOutcome> {
  const judged = judgeImage(inspection, bytes.byteLength, run.settings);
  if (judged.kind === 'unfit') return ended(judged.reason, { ...seen, ...judged.facts });
  const inFile = inspection.kind === 'image' ? inspection.rights : undefined;
  const verdict = judgeFile(inFile ?? []);
  if (verdict.kind === 'refused') return refused(verdict, { ...seen, ...judged.facts });
  const sha256 = hash('sha256', bytes, 'hex');
  const facts = { ...seen, ...judged.facts, sha256, rights: verdict.rights };
  const mismatch = hashProblem(bytes, sha256, seen.expectedHash);
  if (mismatch !== undefined) return ended('hash-mismatch', { ...facts, detail: mismatch });
  return keepFit(target, { url: target.url, bytes, sha256, ...judged.facts }, facts, run, ports);
}

/** Works on an image that is wanted, asks the hook, and stores what came of it. */
async function keepFit(
  target: Target,
  image: Image,
  facts: Facts,
  run: Run,
  ports: KeepPorts,
): Promise<VisitOutcome> {
  const work = await worked(image, run, ports);
  if (work.kind === 'unfit') {
    const { reason, detail } = work;
    return ended(reason, { ...facts, detail });
  }
  const { pdq, exif, problem } = work;
  const known = { ...facts, pdq: pdq?.hash, pdqQuality: pdq?.quality, exif };
  const stored = work.stored ?? image;
  const context = { runId: run.runId, target: hookTarget(target), stored, pdq, exif };
  const decision = await ports.onImage(image, context);
  if (decision.kind === 'skip') return ended('filtered', { ...known, detail: decision.detail });
  const { places, kept } = await store(image, replaced(decision, stored, ports), work, run, ports);
  const files = await storeFiles(decision.files, run, ports.sideFiles);
  const extra = finiteOnly(decision.extra);
  return {
    ...succeeded({ ...known, ...places, files, extra, detail: problem }),
    kept,
  };
}

async function worked(
  { bytes, format, width, height, frames, orientation }: Image,
  { settings }: Run,
  { workImage }: KeepPorts,
): Promise<ImageWorkEnd> {
  if (settings.imageWork === undefined) return { kind: 'done' };
  return workImage({
    bytes,
    facts: { format, width, height, frames, orientation },
    settings: settings.imageWork,
    maxPixels: settings.maxPixels,
  });
}

/** What the hook wants stored instead. @throws Error where that is no image */
function replaced(
  decision: Extract<ImageDecision, { kind: 'keep' }>,
  stored: MadeImage,
  { inspectImage }: KeepPorts,
): MadeImage {
  const { bytes } = decision;
  if (bytes === undefined) return stored;
  const seen = inspectImage(bytes);
  if (seen.kind !== 'image') throw new Error('the bytes that onImage returned are no image');
  const { format, width, height } = seen.facts;
  return { bytes, format, width, height };
}

interface Stored {
  readonly places: Facts;
  /** See `StoredImage`. */
  readonly kept?: Promise<void>;
}

async function store(
  image: Image,
  stored: MadeImage,
  work: Extract<ImageWorkEnd, { kind: 'done' }>,
  run: Run,
  { imageStore, sideFiles }: KeepPorts,
): Promise<Stored> {
  const thumbnail =
    work.thumbnail === undefined ? undefined : await sideFiles.put(run, small(work.thumbnail));
  if (stored.bytes === image.bytes) {
    const { kept, ...place } = await imageStore.put(run, image);
    return { places: { ...place, thumbnail }, kept };
  }
  const { bytes, format, width, height } = stored;
  const sha256 = hash('sha256', bytes, 'hex');
  const { kept, ...place } = await imageStore.put(run, { url: image.url, bytes, format, sha256 });
  const places = {
    ...place,
    thumbnail,
    storedFormat: format,
    storedWidth: width,
    storedHeight: height,
    storedBytes: bytes.byteLength,
    storedSha256: sha256,
  };
  return { places, kept };
}

function small({ bytes }: MadeImage) {
  return {
    folder: 'thumbnails',
    bytes,
    sha256: hash('sha256', bytes, 'hex'),
    ending: 'jpg',
    contentType: 'image/jpeg',
  } as const;
}
