/** `name:password@` or `name@` behind two slashes, up to the last `@` of the authority. */
const IN_URL = /(\/\/)[^\s/?#"'<>]*@/g;
/** `name:password@` before a host, without a scheme. */
const BARE = /(^|[\s"'<>=,;|])[^\s/?#"'<>=,;|:@]+:[^\s/?#"'<>,;|@]+@(?=[\w[])/g;

/** A text of a list without the credentials that its URLs may have, also where they are no URLs. */
export function withoutCredentials(text: string): string {
  if (!text.includes('@')) return text;
  return text.replace(IN_URL, '$1…@').replace(BARE, '$1…@');
}
