import type { PublicJwk } from '../../adapters/bot-auth/bot-key.ts';
import { DIRECTORY_PATH } from '../../contract/bot-identity.ts';
import { productTokenOf } from '../../core/model/product-token.ts';
import { html } from '../report/html.ts';

/** Who runs a crawler, as it is told to the owners of sites. */
export interface BotProfile {
  /** HTTPS origin that the files will be served from. */
  readonly origin: string;
  /** Address of a person: an e-mail address or an HTTPS URL. */
  readonly contact: string;
  readonly userAgent: string;
  /** What the images are used for, in a sentence. */
  readonly purpose: string;
}

/** A file of the site: its path from the root and its content. */
export interface BotFile {
  readonly path: string;
  readonly content: string;
}

/** The public files by which owners and verifiers know a crawler; to be served as they are. */
export function botSite(
  profile: BotProfile,
  key: PublicJwk,
  thumbprint: string,
): readonly BotFile[] {
  return [
    { path: DIRECTORY_PATH, content: json({ keys: [{ ...key, kid: thumbprint, use: 'sig' }] }) },
    { path: '/agent-card.json', content: json(agentCard(profile)) },
    { path: '/robots-example.txt', content: robotsExample(profile) },
    { path: '/index.html', content: botPage(profile, thumbprint) },
  ];
}

/** Signature Agent Card (draft-meunier-webbotauth-registry-04). */
function agentCard({ origin, contact, userAgent, purpose }: BotProfile) {
  return {
    client_id: `${origin}/agent-card.json`,
    client_name: productTokenOf(userAgent),
    client_uri: `${origin}/`,
    contacts: [contactUri(contact)],
    jwks_uri: `${origin}${DIRECTORY_PATH}`,
    web_bot_auth: {
      'expected-user-agent': userAgent,
      'rfc9309-product-token': productTokenOf(userAgent),
      'rfc9309-compliance': true,
      trigger: 'crawler',
      purpose,
      'targeted-content': 'images, and pages that link to them',
      'rate-control': 'Crawl-delay, Retry-After, HTTP 429 and 503',
    },
  };
}

function robotsExample({ userAgent }: BotProfile): string {
  const token = productTokenOf(userAgent);
  return [
    '# Copy what you need into the robots.txt of your site.',
    '',
    '# Nothing is to be fetched:',
    `User-agent: ${token}`,
    'Disallow: /',
    '',
    '# Or: only this folder is not, and 10 seconds lie between two requests:',
    `# User-agent: ${token}`,
    '# Disallow: /private/',
    '# Crawl-delay: 10',
    '',
    '# Or: it may be fetched, and models may not be trained on it:',
    `# User-agent: ${token}`,
    '# Content-Usage: train-ai=n',
    '',
  ].join('\n');
}

function botPage({ userAgent, contact, purpose }: BotProfile, thumbprint: string): string {
  const token = productTokenOf(userAgent);
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${token}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
code { overflow-wrap: anywhere }
</style>
<h1>${token}</h1>
<p>${purpose}</p>
<h2>How to recognise it</h2>
<p>Its User-Agent is <code>${userAgent}</code>. Its requests over HTTPS are signed (Web Bot Auth) with the key
<code>${thumbprint}</code> of the <a href="${DIRECTORY_PATH}">key directory</a>: what is not signed with it is
somebody else.</p>
<h2>How to control it</h2>
<p>It obeys robots.txt (RFC 9309) under the name <code>${token}</code>, with <code>Crawl-delay</code>:
<a href="robots-example.txt">examples</a>. It slows down where a site does, and waits as <code>Retry-After</code>
says. Reservations of rights (Content-Usage, Content-Signal, TDMRep, RSL, X-Robots-Tag, metadata of images) are
honoured.</p>
<h2>How to reach a person</h2>
<p><a href="${contactUri(contact)}">${contact}</a></p>
</html>
`.text;
}

function contactUri(contact: string): string {
  return contact.startsWith('https://') ? contact : `mailto:${contact}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
