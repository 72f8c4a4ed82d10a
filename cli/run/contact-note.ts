/** An address where a person can be reached: of the web, or of mail. */
const CONTACT = /\bhttps?:\/\/[^\s/.]|[^\s@<>()"]@[^\s@<>()"]+\.[^\s@<>()"]/i;

/**
 * What is told of a User-Agent without a contact; undefined when it has one. Owners of sites block
 * what they cannot ask. Where private addresses are allowed the sites are taken for one's own.
 */
export function contactNote(userAgent: string, allowPrivate: boolean): string | undefined {
  if (allowPrivate || CONTACT.test(userAgent)) return undefined;
  return 'the User-Agent names no contact, and sites may block it: add --user-agent "my-crawler/1.0 (+https://example.com/bot)"';
}
