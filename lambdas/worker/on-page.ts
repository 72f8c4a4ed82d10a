import type { OnPage } from '../../core/ports/hooks.ts';

/**
 * The place for what you do with each page that is read: keep it, with more facts for its result
 * (`extra`) and further files to store, or leave it out, with all that it names. It may run again for
 * the same page after a crash.
 */
export const onPage: OnPage = async () => ({ kind: 'keep' });
