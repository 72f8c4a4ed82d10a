import { bundledCommand } from '../cli/command-bundle.ts';
import { synthesise } from '../local/template/synthesis.ts';

/** Leaves the synthesised stack and the bundled command for every test that runs them. */
export async function setup(): Promise<void> {
  await Promise.all([synthesise(() => {}), bundledCommand()]);
}
