import { synthesise } from '../local/template/synthesis.ts';

/** Leaves the synthesised stack for every test that runs it. */
export async function setup(): Promise<void> {
  await synthesise(() => {});
}
