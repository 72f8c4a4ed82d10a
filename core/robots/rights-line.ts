import type { RightsRule } from '../model/robots-rules.ts';

/**
 * Reads the value of a `Content-Usage` or `Content-Signal` line. Where it begins with a slash it is
 * about the paths that begin so (draft-ietf-aipref-attach, "Processing Content-Usage Rules"; for
 * `Content-Signal`, which does not know paths, the same is the only reading that makes sense).
 */
export function parseRightsRule(signal: RightsRule['signal'], line: string): RightsRule {
  const [, path = '', value = line] = /^(\/[^ \t]*)[ \t]*(.*)$/s.exec(line) ?? [];
  return { signal, path, value };
}
