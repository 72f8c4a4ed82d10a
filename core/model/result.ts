import * as z from 'zod';
import type { ListColumns } from './column-value.ts';
import { DOCUMENT_KINDS } from './document-kind.ts';
import { extraFields } from './extra-fields.ts';
import { archivedExchange, validity } from './for-later-runs.ts';
import { isReason, type Reason, STATUSES } from './outcome.ts';
import { PURPOSES } from './purpose.ts';
import { MAX_EVIDENCE, SIGNALS, type Statement } from './statement.ts';

const count = z.int().min(0);

const statement = z.object({
  signal: z.enum(SIGNALS),
  where: z.string(),
  value: z.string(),
  positions: z.partialRecord(z.enum(PURPOSES), z.enum(['allowed', 'reserved'])),
}) satisfies z.ZodType<Statement>;

/**
 * The one description of a result: from it follow the types below, what the ledger keeps and reads, and the fields
 * of `results.jsonl` and the CSV, in this order. The descriptions are the table of docs/results.md.
 */
export const resultFields = z.object({
  url: z.string().describe('Canonical form of the URL.'),
  status: z.enum(STATUSES).describe('`succeeded`, `failed` or `skipped`.'),
  reason: z
    .string()
    .refine((text): text is Reason => isReason(text), 'expected a reason')
    .nullable()
    .describe('Why it failed or was skipped ([reasons](reasons.md)); `null` where it succeeded.'),
  kind: z
    .enum(DOCUMENT_KINDS)
    .optional()
    .describe('What it is expected to be where that is no image.'),
  finalUrl: z
    .string()
    .optional()
    .describe('Address that answered, after redirects, where it is not the own one.'),
  httpStatus: z.int().optional().describe('Status of the last answer.'),
  contentType: z.string().optional().describe('`Content-Type` of the answer, 100 characters.'),
  format: z
    .string()
    .optional()
    .describe('Format by the bytes: `jpeg`, `png`, `gif`, `webp`, `avif`, `svg`, …'),
  width: z.number().optional().describe('Pixels as stored, before any `orientation`.'),
  height: z.number().optional().describe('Pixels as stored, before any `orientation`.'),
  frames: count
    .optional()
    .describe('Frames of an animation or pages of a document, where there are several.'),
  orientation: z
    .int()
    .optional()
    .describe('How to turn the picture upright, 2 to 8 as in EXIF, where it does not stand so.'),
  bytes: count.optional().describe('Length of the decoded body.'),
  sha256: z.string().optional().describe('SHA-256 of the decoded body, lower-case hexadecimal.'),
  expectedHash: z
    .string()
    .optional()
    .describe('SHA-256 or MD5 that the list gives, where it gives one.'),
  file: z
    .string()
    .optional()
    .describe('Where the image is: a path below the folder of the results, or an `s3://` URI.'),
  offset: count
    .optional()
    .describe('Where it begins in that object, in bytes, where the object holds many.'),
  length: count.optional().describe('How long it is there, in bytes.'),
  unchanged: z
    .boolean()
    .optional()
    .describe('An earlier run kept the same bytes: the site said so (304), or sent them again.'),
  keptAt: z
    .string()
    .optional()
    .describe('When bytes that an earlier run kept were downloaded: ISO 8601, UTC.'),
  keptIn: z.string().optional().describe('The run that downloaded them.'),
  storedFormat: z
    .string()
    .optional()
    .describe('Format of what is stored, where image work or a hook changed the image.'),
  storedWidth: count.optional().describe('Its width in pixels.'),
  storedHeight: count.optional().describe('Its height in pixels.'),
  storedBytes: count.optional().describe('Its length.'),
  storedSha256: z.string().optional().describe('Its SHA-256, which `file` is named after then.'),
  thumbnail: z.string().optional().describe('Where its thumbnail is, as with `file`.'),
  pdq: z
    .string()
    .optional()
    .describe('Perceptual hash (PDQ) of 256 bits, 64 hexadecimal digits ([images](images.md)).'),
  pdqQuality: count.optional().describe('0 to 100: below 50 the hash says little.'),
  exif: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .readonly()
    .optional()
    .describe('What EXIF, IPTC and XMP say ([fields](images.md#metadata)).'),
  files: z
    .record(z.string(), z.string())
    .readonly()
    .optional()
    .describe('Where the files of a hook are, by the names that it gave.'),
  attempts: count.describe('Requests made for it, retries included, redirects not.'),
  durationMs: z.number().describe('Length of the last attempt in milliseconds.'),
  fetchedAt: z.string().describe('When it ended: ISO 8601, UTC.'),
  depth: count
    .optional()
    .describe('Links followed from the list to the page that it was found on, or is.'),
  foundOn: z.string().optional().describe('Address of the document that named it first.'),
  foundOnPages: count.optional().describe('Pages that name the image.'),
  foundAs: z
    .string()
    .optional()
    .describe('As the list or the document has it, made absolute, where that is another spelling.'),
  alt: z.string().optional().describe('Alternative text of the image where it was found.'),
  title: z.string().optional().describe('Title of the image where it was found.'),
  list: z
    .string()
    .optional()
    .describe('Name of the list, where columns are kept and the run has several.'),
  row: z
    .int()
    .min(1)
    .optional()
    .describe('Number of the row in its list, the header not counted, where columns are kept.'),
  columns: z
    .custom<ListColumns>()
    .optional()
    .describe('Columns of that row that are kept ([lists](lists.md#columns)).'),
  links: count.optional().describe('Links of the document, those counted that are not followed.'),
  images: count.optional().describe('Images that the document names.'),
  detail: z.string().optional().describe('What the site or the network said, for people.'),
  rights: z
    .array(statement)
    .max(MAX_EVIDENCE)
    .readonly()
    .optional()
    .describe('What its owner says of its uses ([below](#rights)).'),
  extra: extraFields.readonly().optional().describe('What the hook for images adds.'),
});

/** Fields that are found when results are told. */
const TOLD = { foundOnPages: true, list: true, row: true, columns: true } as const;

/** A request and the head of its answer, as an archive of the web needs them. */
const exchange = z.object({
  url: z.string(),
  /** When it ended: ISO 8601, UTC. */
  at: z.string(),
  /** Request line and fields; those that may be secret have no value. */
  request: z.string(),
  /** Status line and fields as they came. */
  response: z.string(),
  /** Where the answer came from, when that is a public address. */
  address: z.string().optional(),
  /** It was HTTP/2, and is told in the form of HTTP/1.1. */
  http2: z.boolean().optional(),
});

/** A request and the head of its answer, as an archive of the web needs them. */
export type KeptExchange = Readonly<z.output<typeof exchange>>;

/** A result as the ledger keeps it, in its pack; the run is in the key of that. */
export const keptResult = resultFields.omit(TOLD).extend({
  /** Fingerprints of the images that a document names, see `fingerprint`: for `foundOnPages`. */
  sightings: z.string().optional(),
  /** The exchanges of the last attempt, redirects included, in runs that keep them. */
  exchanges: z.array(exchange).readonly().optional(),
  /** Where an archive has these bytes already: absent where they came for the first time. */
  archived: archivedExchange.readonly().optional(),
  /** Absent where later runs remember nothing of it. */
  validity: validity.readonly().optional(),
  /** The task that settled it. */
  taskId: z.string(),
  round: count,
});

/** What was learned of a target, whatever its end. Fields are absent where they do not apply. */
export const facts = keptResult.omit({
  url: true,
  status: true,
  reason: true,
  attempts: true,
  durationMs: true,
  fetchedAt: true,
  validity: true,
  taskId: true,
  round: true,
});

/** What a result, or a URL that was left out, says of how it was found. */
export const findFacts = resultFields.pick({
  kind: true,
  depth: true,
  foundOn: true,
  foundAs: true,
  alt: true,
  title: true,
  expectedHash: true,
});

/** What of a result is remembered beyond its run. */
export const keptFacts = facts.pick({
  finalUrl: true,
  contentType: true,
  format: true,
  width: true,
  height: true,
  frames: true,
  orientation: true,
  bytes: true,
  sha256: true,
  rights: true,
  extra: true,
});

/** What was learned of a target, whatever its end. Fields are absent where they do not apply. */
export type Facts = Readonly<z.output<typeof facts>>;

/** What is kept of a find beside the result of its target. */
export type FindFacts = Readonly<z.output<typeof findFacts>>;

/** What of a result is remembered beyond its run. */
export type KeptFacts = Readonly<z.output<typeof keptFacts>>;

/** Fields of a line of `results.jsonl`, as far as they apply. */
export type ResultFields = Readonly<z.output<typeof resultFields>>;

/** A result as the ledger keeps it: with the task that settled it. */
export type SettledResult = Readonly<z.output<typeof keptResult>> & { readonly runId: string };
