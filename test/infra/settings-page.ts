import { z } from 'zod';
import { settingsSchema } from '../../infra/settings-schema.ts';

const INTRO = `# Settings

What an owner chooses for a deployment: in \`cdk.json\` under \`crawler\`, or as \`-c crawler.NAME=VALUE\` on the command
line, which comes first. Values that are no text are JSON: \`-c crawler.deniedHosts='["example.com"]'\`. A wrong one stops
the synthesis, with all problems named. The local runner heeds them too, as far as they mean something on one machine.

This page is written from the schema, \`infra/settings-schema.ts\`; a test holds them equal.
`;

const shape = z.object({
  type: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(z.unknown()).optional(),
});
const usual: Readonly<Record<string, unknown>> = settingsSchema.parse({});
const usualRun: Readonly<Record<string, unknown>> = settingsSchema.parse({}).runDefaults;
const object = z.object({ properties: z.record(z.string(), shape) });

/** The text of docs/settings.md. */
export function settingsPage(): string {
  const { properties } = object.parse(z.toJSONSchema(settingsSchema, { io: 'input' }));
  const rows = Object.entries(properties).map(([name, of]) => {
    const value = name === 'runDefaults' ? '(below)' : textOf(usual[name]);
    return `| \`${name}\` | ${of.description ?? ''} | ${limitsOf(of)} | \`${value}\` |`;
  });
  const head = ['| setting | what it is | limits | default |', '| --- | --- | --- | --- |'];
  return [INTRO, ...head, ...rows, '', RUN_DEFAULTS, ...runRows(), ''].join('\n');
}

const RUN_DEFAULTS = `## runDefaults

| name | limits | default |
| --- | --- | --- |`;

function runRows(): readonly string[] {
  const inner = z.toJSONSchema(settingsSchema.shape.runDefaults, { io: 'input' });
  const { properties } = object.parse(inner);
  return Object.entries(properties).map(([name, of]) => {
    return `| \`${name}\` | ${limitsOf(of)} | \`${textOf(usualRun[name])}\` |`;
  });
}

function limitsOf({ type, minimum, maximum, enum: values }: z.output<typeof shape>): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (minimum === undefined || maximum === undefined) return type ?? '';
  const most = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum.toLocaleString('en')}`;
  return `${minimum.toLocaleString('en')}${most === '' ? ' or more' : most}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
