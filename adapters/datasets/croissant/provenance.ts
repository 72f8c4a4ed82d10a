import type { Run } from '../../../core/model/run.ts';
import type { LineCounts } from '../staged-lines.ts';

/** Reasons by which owners kept pictures out. */
const OWNERS = ['opted-out', 'reserved', 'robots-disallowed', 'payment-required'] as const;

/** What a description tells of how a data set came about (W3C PROV). */
export function provenanceOf(
  { runId, startedMs, settings, lists }: Run,
  counts: LineCounts,
  version: string,
) {
  const { headers: _, imagesFolder: _folder, output: _output, pages, ...told } = settings;
  const chosen = Object.entries({ ...told, pages: pages && JSON.stringify(pages) });
  return {
    'prov:wasGeneratedBy': {
      '@type': 'prov:Activity',
      '@id': runUrn(runId),
      'prov:label': `Crawl ${runId}`,
      'prov:startedAtTime': new Date(startedMs).toISOString(),
      'prov:endedAtTime': counts.lastFetched ?? new Date(startedMs).toISOString(),
      'prov:used': lists.filter(({ round }) => round === 0).map(({ name }) => name),
      'prov:wasAssociatedWith': {
        '@type': 'prov:SoftwareAgent',
        '@id': `urn:image-crawler:software:${version}`,
        'prov:label': `image-crawler ${version}`,
      },
      additionalProperty: [
        ...chosen.flatMap(([name, value]) => property(`setting ${name}`, value)),
        ...property('rows', counts.rows),
        ...property('images', counts.images),
        ...OWNERS.flatMap((reason) => property(`kept out: ${reason}`, counts.reasons[reason] ?? 0)),
        ...Object.entries(counts.reasons).flatMap(([reason, count]) =>
          property(`reason ${reason}`, count),
        ),
      ],
    },
    'prov:wasAttributedTo': { '@type': 'prov:Agent', 'prov:label': settings.userAgent },
  };
}

/** The name of a run where names have to be URIs. */
export function runUrn(runId: string): string {
  return `urn:image-crawler:run:${runId}`;
}

function property(name: string, value: unknown) {
  if (value === undefined) return [];
  const told = Array.isArray(value) ? value.join(', ') : value;
  return [{ '@type': 'PropertyValue', name, value: told }];
}
