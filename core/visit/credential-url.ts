/** A form in which a URL carries the right to read what is behind it. */
interface Form {
  readonly name: string;
  /** Parameters of the query, in lower case, that have to be there together. */
  readonly parameters: readonly string[];
  /** Those whose values are the secret. */
  readonly secrets: readonly string[];
}

/** What is recognised; names of parameters in any case. */
const FORMS: readonly Form[] = [
  formOf('AWS signature version 4', ['x-amz-signature']),
  formOf('AWS signature version 2', ['awsaccesskeyid', 'signature'], ['signature']),
  formOf('Google Cloud Storage signature', ['x-goog-signature']),
  formOf('Google Cloud Storage signature', ['googleaccessid', 'signature'], ['signature']),
  formOf('Google Cloud CDN signature', ['keyname', 'signature'], ['signature']),
  formOf('CloudFront signature', ['key-pair-id', 'signature'], ['signature']),
  formOf('Azure shared access signature', ['sig', 'sv'], ['sig']),
  formOf('Alibaba Cloud signature', ['ossaccesskeyid', 'signature'], ['signature']),
  formOf('Alibaba Cloud signature', ['x-oss-signature']),
  formOf('Tencent Cloud signature', ['q-signature']),
  formOf('bearer token (RFC 6750)', ['access_token']),
];

function formOf(name: string, parameters: readonly string[], secrets = parameters): Form {
  return { name, parameters, secrets };
}

/** Any parameter that is a secret of a form: most URLs have none, and are looked at no further. */
const ANY_SECRET =
  /[?&](?:x-amz-signature|x-goog-signature|x-oss-signature|q-signature|signature|sig|access_token)=./i;

/** Which form of signature or token the query of an absolute URL holds; undefined when it holds none. */
export function credentialIn(url: string): string | undefined {
  return formIn(url)?.name;
}

/** A URL without the values of its signature or token, to be shown. */
export function withoutCredential(url: string): string {
  const form = formIn(url);
  if (form === undefined) return url;
  return url.replace(/([?&])([^=&#]*)=([^&#]*)/g, (all, mark: string, name: string) => {
    return form.secrets.includes(decoded(name)) ? `${mark}${name}=…` : all;
  });
}

function formIn(url: string): Form | undefined {
  const query = url.indexOf('?');
  if (query === -1 || !ANY_SECRET.test(decodedNames(url.slice(query)))) return undefined;
  const given = new Set<string>();
  for (const [name, value] of new URLSearchParams(url.slice(query)))
    if (value !== '') given.add(name.toLowerCase());
  return FORMS.find(({ parameters }) => parameters.every((name) => given.has(name)));
}

/** A name may be written with escapes: servers read it all the same. */
function decodedNames(query: string): string {
  return query.includes('%') ? query.replace(/[^?&=]+(?==)/g, decoded) : query;
}

function decoded(name: string): string {
  return name
    .replace(/%[0-9a-f]{2}/gi, (triplet) =>
      String.fromCharCode(Number.parseInt(triplet.slice(1), 16)),
    )
    .toLowerCase();
}
