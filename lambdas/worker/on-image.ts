import type { OnImage } from '../../core/ports/hooks.ts';

/**
 * The place for what you do with each image: it has the bytes and what they say of themselves,
 * before the image is stored and its target is settled. Keep it, with more facts for its result
 * (`extra`), or leave it out. It may run again for the same image after a crash.
 */
export const onImage: OnImage = async () => ({ kind: 'keep' });
