import { hash } from 'node:crypto';
import { mannerOf } from '../../core/memory/manner.ts';
import { type Grouping, groupOfUrl } from '../../core/model/host-group.ts';
import { aRun, settledResult } from '../worker/records.ts';
import { image, inspectScripted } from '../worker/scripted-site.ts';
import type { SimWorld } from './sim-world.ts';

const EARLIER_ID = 'run-0';
const LATER_MS = 90 * 24 * 3_600_000;

/** Puts the world into the state that an earlier run left: its record, its images, what is remembered of them. */
export async function keepEarlier(world: SimWorld, grouping: Grouping): Promise<void> {
  const { ledger, images, clock, shape } = world;
  const run = { ...aRun([], shape.settings), runId: EARLIER_ID, grouping };
  if (shape.earlier === undefined) return;
  ledger.runs.put(run);
  for (const [at, { url, isGone = false, ...known }] of shape.earlier.entries()) {
    const answer = image(url);
    const bytes = answer.kind === 'body' ? answer.body : new Uint8Array();
    const inspection = inspectScripted(bytes);
    if (inspection.kind !== 'image') throw new Error('expected an image');
    const { facts } = inspection;
    const sha256 = hash('sha256', bytes, 'hex');
    const { file } = await images.put(run, { url, bytes, sha256, ...facts });
    if (isGone) images.delete(file);
    const group = groupOfUrl(url, grouping);
    const { hold } = await ledger.results.enter(EARLIER_ID, group);
    const { etag, freshForMs } = known;
    const result = settledResult(url, {
      ...facts,
      runId: EARLIER_ID,
      fetchedAt: new Date(clock.now()).toISOString(),
      file,
      sha256,
      bytes: bytes.byteLength,
      validity: { etag, freshForMs },
    });
    const mark = {
      grouping,
      group,
      place: { sequence: at + 1, name: `${EARLIER_ID}.1` },
      floor: 0,
      head: {
        runId: EARLIER_ID,
        root: images.rootOf(),
        manner: mannerOf(run),
        untilMs: clock.now() + LATER_MS,
      },
    };
    const pack = { runId: EARLIER_ID, group, hold, part: 0, results: [result] };
    await ledger.results.settle([pack], [], [mark]);
  }
}
