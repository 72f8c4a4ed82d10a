/** What follows the path of a URL: signatures and tokens are kept there. */
const QUERY = /(https?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi;
/** Names and passwords before a host. */
const CREDENTIALS = /(https?:\/\/)[^\s/?#"'<>]*@/gi;

/** A text whose URLs have lost their credentials and their queries. */
export function withoutSecrets(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(CREDENTIALS, '$1…@').replace(QUERY, '$1?…');
}
