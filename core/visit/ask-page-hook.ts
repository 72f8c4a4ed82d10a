import type { ReadPage } from '../ports/hooks.ts';
import { finiteOnly, storeFiles } from './hook-files.ts';
import { hookTarget } from './hook-target.ts';
import type { DocumentPorts, DocumentVisit } from './tell-document.ts';
import { ended, type VisitOutcome } from './visit-outcome.ts';

/** A page as it was read: its links are finds. */
interface Page extends Omit<ReadPage, 'links'> {
  readonly links: readonly { readonly url: string }[];
}

/** Asks the hook for pages. One that is left out brings nothing. */
export async function askPageHook(
  { url, bytes, title, links, images }: Page,
  end: VisitOutcome,
  { target, run }: DocumentVisit,
  { onPage, sideFiles }: DocumentPorts,
): Promise<VisitOutcome> {
  const page = { url, bytes, title, images, links: links.map((link) => link.url) };
  const decision = await onPage(page, { runId: run.runId, target: hookTarget(target) });
  if (decision.kind === 'skip') return ended('filtered', { ...end.facts, detail: decision.detail });
  const { extra, files } = decision;
  if (extra === undefined && files === undefined) return end;
  const places = await storeFiles(files, run, sideFiles);
  return { ...end, facts: { ...end.facts, extra: finiteOnly(extra), files: places } };
}
