import { Writable } from 'node:stream';
import * as z from 'zod';
import { isOfService } from '../../contract/own-fault.ts';

/** What a function wrote into its log that a person who watches a run wants to know. */
export type FunctionEvent =
  | {
      readonly kind: 'error';
      /** Name of the function, as people know it. */
      readonly functionName: string;
      /** What went wrong, in the words of the error. */
      readonly message: string;
      /** File and line where it was thrown, where that is known. */
      readonly location?: string;
      /** A service of AWS, or what stands for it, refused or did not answer. */
      readonly isOfService: boolean;
      /** The run that it is about, where it is about one. */
      readonly runId?: string;
    }
  | {
      readonly kind: 'pause';
      /** Authority of the host. */
      readonly host: string;
      readonly reason: string;
      /** From now on, in milliseconds. */
      readonly pauseMs: number;
    };

const thrown = z.object({
  name: z.string(),
  message: z.string(),
  location: z.string().optional(),
  code: z.string().optional(),
  $metadata: z.unknown().optional(),
});
const line = z.object({
  level: z.string(),
  message: z.string(),
  error: z.union([thrown, z.string()]).optional(),
  runId: z.string().optional(),
  host: z.string().optional(),
  reason: z.string().optional(),
  pauseMs: z.number().optional(),
});

/** A log that also tells what a person wants to know of its lines. */
export function tellEvents(
  log: Writable,
  functionName: string,
  onEvent: (event: FunctionEvent) => void,
): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, encoding, done) {
      for (const text of String(chunk).split('\n')) {
        const event = eventOf(text, functionName);
        if (event !== undefined) onEvent(event);
      }
      // A log that cannot be written ends no crawl.
      log.write(chunk, encoding, () => done());
    },
  });
}

/** The event that a line tells of; undefined for all other lines. */
export function eventOf(text: string, functionName: string): FunctionEvent | undefined {
  // Nearly every line: it is not worth parsing.
  if (!text.includes('"ERROR"') && !text.includes('"pauseMs"')) return undefined;
  const parsed = line.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { level, message, error, runId, host, reason, pauseMs } = parsed.data;
  if (host !== undefined && reason !== undefined && pauseMs !== undefined)
    return { kind: 'pause', host, reason, pauseMs };
  if (level !== 'ERROR') return undefined;
  if (typeof error === 'string' || error === undefined)
    return { kind: 'error', functionName, message: error ?? message, isOfService: true, runId };
  return {
    kind: 'error',
    functionName,
    message: `${error.name}: ${error.message}`,
    location: error.location,
    isOfService: isOfService(error),
    runId,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
