import { hash } from 'node:crypto';
import type { Run } from '../model/run.ts';
import { tokenOf } from '../model/run-token.ts';
import type { Manner } from '../ports/remembered.ts';

/** The manner of a run. */
export function mannerOf(run: Run): Manner {
  const { headers = [], ignoreRobots, purposes, pages } = run.settings;
  return {
    headers: headers.length === 0 ? '' : digestOf(JSON.stringify(headers)),
    ignoreRobots,
    purposes,
    token: tokenOf(run),
    best: pages?.best,
  };
}

/**
 * Whether what was kept in one manner may stand for what another would keep: asked for with the same
 * header fields, and judged at least as strictly.
 */
export function servesManner(kept: Manner, wanted: Manner): boolean {
  return (
    kept.headers === wanted.headers &&
    (wanted.ignoreRobots || !kept.ignoreRobots) &&
    (wanted.ignoreRobots || wanted.purposes.every((purpose) => kept.purposes.includes(purpose)))
  );
}

/** The same for what a document named: it was read by the same name, and with the same choice. */
export function servesDocuments(kept: Manner, wanted: Manner): boolean {
  return (
    kept.token === wanted.token &&
    kept.best === wanted.best &&
    kept.ignoreRobots === wanted.ignoreRobots &&
    kept.purposes.length === wanted.purposes.length &&
    servesManner(kept, wanted)
  );
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
