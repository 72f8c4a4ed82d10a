import * as z from 'zod';
import { PURPOSES } from '../core/rights/purpose.ts';
import { referer, runSettings } from './run-record.ts';

const shape = runSettings.shape;

/** How a run visits its targets when nobody says otherwise. */
export const runDefaults = z
  .strictObject({
    attempts: shape.attempts.default(3),
    timeoutMs: shape.timeoutMs.default(30_000),
    maxBytes: shape.maxBytes.default(20_000_000),
    maxPixels: shape.maxPixels.default(250_000_000),
    minWidth: shape.minWidth.default(0),
    minHeight: shape.minHeight.default(0),
    minBytes: shape.minBytes.default(0),
    perHost: shape.perHost.default(6),
    delayMs: shape.delayMs.default(0),
    ratePerS: shape.ratePerS.default(10),
    perAddress: shape.perAddress.default(false),
    /** Honest chains are shorter. */
    maxRedirects: shape.maxRedirects.default(5),
    userAgent: shape.userAgent.default('image-crawler (+contact not set)'),
    referer: referer.default('page'),
    ignoreRobots: shape.ignoreRobots.default(false),
    /** The strictest reading, until the owner says less. */
    purposes: shape.purposes.default([...PURPOSES]),
    /** One request more for each host, of which hardly any has the file. */
    tdmRep: z.boolean().default(false),
    maxUrls: shape.maxUrls.default(0),
    maxTotalBytes: shape.maxTotalBytes.default(0),
    /** Where they are given, the URLs of the lists are pages. */
    pages: shape.pages,
  })
  .prefault({});

/** What is taken where nothing is said. */
export const USUAL = runDefaults.parse({});
