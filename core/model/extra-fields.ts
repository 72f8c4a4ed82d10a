import * as z from 'zod';

/**
 * The fields that hooks add to results. As it stands it takes any. Name yours here and nowhere else, as in
 * `z.object({ label: z.string().optional(), score: z.number().optional() })`: then hooks are checked by
 * the compiler, results by their reader, and each is a column with its type in CSV, Parquet and data sets.
 */
export const extraFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** More facts of a result, as hooks return them. */
export type ExtraFields = Readonly<z.output<typeof extraFields>>;
