import * as z from 'zod';

/** Where the key directory of an origin stands (Web Bot Auth, "Key Directory"). */
export const DIRECTORY_PATH = '/.well-known/http-message-signatures-directory';

/** Media type of a key directory. */
export const DIRECTORY_TYPE = 'application/http-message-signatures-directory+json';

/** Header fields of a key directory that S3 keeps as metadata of the object. */
export const DIRECTORY_FIELDS = ['content-digest', 'signature-input', 'signature'] as const;

/**
 * How the agent is named in signed requests. `dictionary`: draft-ietf-webbotauth-httpsig-protocol-01.
 * `string`: the older form, for verifiers that do not read the newer one.
 */
export const botForm = z.enum(['dictionary', 'string']);

export type BotForm = z.output<typeof botForm>;

/** The HTTPS origin of a bot, as `URL.origin` writes it. */
export const botOrigin = z.string().transform((text, context) => {
  const url = URL.parse(text);
  const isOrigin = url?.protocol === 'https:' && url.href === `${url.origin}/`;
  if (url !== null && isOrigin) return url.origin;
  const message = `expected an HTTPS origin like https://bot.example.com, got "${text}"`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** The identity with which requests of this machine are signed. */
export interface LocalBot {
  /** Absolute path of the private key. */
  readonly keyFile: string;
  readonly agent: string;
  readonly form: BotForm;
}

/** What `Signature-Agent` names: the key directory, or in the older form the origin that has one. */
export function agentOf(origin: string, form: BotForm): string {
  return form === 'string' ? origin : `${origin}${DIRECTORY_PATH}`;
}
