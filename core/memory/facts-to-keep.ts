import type { AllOf } from '../model/all-of.ts';
import type { Facts, KeptFacts } from '../model/result.ts';

/** The part of a result that is remembered. */
export function factsToKeep(known: Facts): AllOf<KeptFacts> {
  const { finalUrl, contentType, format, width, height, frames, orientation } = known;
  const { bytes, sha256, rights, extra } = known;
  return {
    finalUrl,
    contentType,
    format,
    width,
    height,
    frames,
    orientation,
    bytes,
    sha256,
    rights,
    extra,
  };
}
