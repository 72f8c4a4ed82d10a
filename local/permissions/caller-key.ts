const CREDENTIAL = 'Credential=';

/**
 * The access key id that a request is signed with, from its `Authorization` header (Signature
 * Version 4) or, where it is presigned, from its URL; empty when it has none. Signatures are not
 * checked: whoever reaches loopback could take any key from the environment of the functions.
 */
export function callerKey(authorization: string | undefined, url: string): string {
  if (authorization !== undefined) return keyAfter(authorization, CREDENTIAL, '/');
  return decodeURIComponent(keyAfter(url, 'X-Amz-Credential=', /\/|%2F/i));
}

function keyAfter(text: string, marker: string, end: string | RegExp): string {
  const at = text.indexOf(marker);
  if (at === -1) return '';
  const rest = text.slice(at + marker.length);
  return rest.split(end, 1)[0] ?? '';
}
