import { productTokenOf } from './product-token.ts';
import type { Run, RunSettings } from './run.ts';

const tokens = new WeakMap<RunSettings, string>();

/** The product token under which a run asks; read off its User-Agent once and not for each URL. */
export function tokenOf({ settings }: Run): string {
  const known = tokens.get(settings);
  if (known !== undefined) return known;
  const token = productTokenOf(settings.userAgent);
  tokens.set(settings, token);
  return token;
}
