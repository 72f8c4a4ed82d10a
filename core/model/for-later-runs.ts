import * as z from 'zod';

/** How a later run asks whether what was kept is still so; see `Remembered`. */
export const validity = z.object({
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  freshForMs: z.number().optional(),
  /** Absent where that is when the result was settled. */
  seenMs: z.number().optional(),
  /** Where what a page named is kept. */
  document: z.string().optional(),
});

/** How a later run asks whether what was kept is still so. */
export type Validity = Readonly<z.output<typeof validity>>;

/** The exchange of an earlier run that an archive has the bytes of. */
export const archivedExchange = z.object({
  /** Address that answered. */
  url: z.string(),
  /** When it ended: ISO 8601, UTC. */
  at: z.string(),
  /** Its place among those of its target. */
  index: z.int().min(0),
});

/** The exchange of an earlier run that an archive has the bytes of. */
export type ArchivedExchange = Readonly<z.output<typeof archivedExchange>>;
