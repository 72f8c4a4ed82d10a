import * as z from 'zod';

/**
 * The fields that hooks add to results. As it stands it takes any. Name yours here and nowhere else, as in
 * `z.object({ label: z.string().optional(), score: z.number().optional() })`: then hooks are checked by
 * the compiler, results by their reader, and each has a column of its own in a CSV.
 */
export const extraFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** More facts of a result, as hooks return them. */
export type ExtraFields = Readonly<z.output<typeof extraFields>>;

/** Names of fields that a schema has, in their order; none where it takes any. */
export function extraNames(schema: z.ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
