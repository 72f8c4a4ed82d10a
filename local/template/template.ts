import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** The form of a template, as far as it is read here. */
export const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});

/** A CloudFormation template as far as it is read here. */
export type Template = z.output<typeof templateSchema>;

/** A resource of a template. */
export type Resource = Template['Resources'][string];

/**
 * The template asks for something that the local stack refuses. The message names it; for what the
 * local stack only does not model, `remedy` names the file in which that can be added.
 */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';

  constructor(problem: string, remedy?: string) {
    super(remedy === undefined ? problem : `the local stack does not model ${problem}\n${remedy}`);
  }
}

const assetManifest = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })),
});

/** A synthesised stack: its template, and the folders of its assets by the key they get in S3. */
export interface Assembly {
  readonly template: Template;
  readonly assets: ReadonlyMap<string, string>;
}

/** Reads one stack of a cloud assembly. */
export async function readAssembly(folder: string, stackName: string): Promise<Assembly> {
  const json = async (kind: string): Promise<unknown> => {
    return JSON.parse(await readFile(join(folder, `${stackName}.${kind}.json`), 'utf8'));
  };
  const { files } = assetManifest.parse(await json('assets'));
  const assets = Object.entries(files).map(([hash, { source }]) => {
    return [`${hash}.zip`, join(folder, source.path)] as const;
  });
  return { template: templateSchema.parse(await json('template')), assets: new Map(assets) };
}
