import type { Node } from 'constructs';
import { z } from 'zod';
import { settingsSchema } from './settings-schema.ts';

/** The settings of a deployment, all of them known. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

const CONTEXT_KEY = 'crawler';
const PREFIX = `${CONTEXT_KEY}.`;
const contextSchema = z.object({
  [CONTEXT_KEY]: z.record(z.string(), z.unknown()).default({}),
});

/** Reads the settings from the CDK context. Throws with every problem named. */
export function readSettings(node: Node): Settings {
  const context: Readonly<Record<string, unknown>> = node.getAllContext() ?? {};
  const { [CONTEXT_KEY]: object } = parse(contextSchema, context);
  const single = Object.entries(context).flatMap(([key, value]) => {
    return key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), fromText(value)]] : [];
  });
  return parse(settingsSchema, { ...object, ...Object.fromEntries(single) });
}

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(`bad settings in the CDK context:\n${z.prettifyError(parsed.error)}`);
}

/** The command line gives every value as text; no setting is one. */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A setting that is unknown or out of range; the message names them all. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
