import * as z from 'zod';
import type { Fields } from './fields.ts';
import { FUNCTION_NAMES, type FunctionName } from './metrics.ts';
import { count } from './reason-counts.ts';

/** An error that functions met in a run at one place of their code, as the table keeps it. */
export interface KeptFault {
  readonly functionName: FunctionName;
  /** What went wrong the last time, in the words of the error; without what URLs hold in secret. */
  readonly message: string;
  /** File and line where it was thrown, where that is known. */
  readonly location?: string;
  /** A service of AWS, or what stands for it, refused or did not answer. */
  readonly isOfService: boolean;
  /** How often. */
  readonly times: number;
  /** The last time, in milliseconds since 1970. */
  readonly lastMs: number;
}

/** Reads such an item. */
export const faultItem = z.object({
  functionName: z.enum(FUNCTION_NAMES),
  message: z.string(),
  location: z.string().optional(),
  isOfService: z.boolean(),
  times: count,
  lastMs: count,
} satisfies Fields<KeptFault>);
