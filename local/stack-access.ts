import type { StackOutputs } from '../contract/stack-outputs.ts';
import type { Endpoints } from './emulators/emulators.ts';

/** How to reach a stack, wherever it is. */
export interface StackAccess {
  readonly outputs: StackOutputs;
  readonly endpoints: Endpoints;
}
