/** Properties of schema.org whose value is an image, however it is written. */
const IMAGE_PROPERTIES: ReadonlySet<string> = new Set([
  'image',
  'thumbnailUrl',
  'thumbnail',
  'logo',
  'photo',
  'primaryImageOfPage',
  'screenshot',
]);

interface Visit {
  readonly value: unknown;
  /** Whether it stands where an image is expected. */
  readonly isImage: boolean;
}

/**
 * The addresses of images that a block of JSON-LD names, in their order; none where it is no JSON.
 * Contexts are not read: what is called `image` is one.
 */
export function jsonLdImages(text: string): readonly string[] {
  const found: string[] = [];
  const open: Visit[] = [{ value: parseJson(text), isImage: false }];
  // A list instead of recursion: how deep it nests is its writer's choice.
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    if (typeof visit.value === 'string' && visit.isImage) found.push(visit.value);
    else open.push(...partsOf(visit).reverse());
  }
  return found;
}

function partsOf({ value, isImage }: Visit): Visit[] {
  if (Array.isArray(value)) return value.map((part: unknown) => ({ value: part, isImage }));
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string, unknown][] = Object.entries(value);
  const address = isImage || isImageObject(entries) ? addressProperty(value) : undefined;
  return entries.map(([name, part]) => ({
    value: part,
    isImage: name === address || IMAGE_PROPERTIES.has(name),
  }));
}

function isImageObject(entries: readonly (readonly [string, unknown])[]): boolean {
  const [, type] = entries.find(([name]) => name === '@type') ?? [];
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.some((one) => typeof one === 'string' && /(?:^|[:/])ImageObject$/.test(one));
}

/** `url` is that of the image where nothing better is given. */
function addressProperty(value: object): string {
  return 'contentUrl' in value ? 'contentUrl' : 'url';
}

/** Wrappers that keep old readers from the text, as a page may have them. */
const BEFORE = /^(?:<!--|(?:\/\/|\/\*)? ?<!\[CDATA\[(?: ?\*\/)?)/;
const BEHIND = /(?:-->|(?:\/\/|\/\*)? ?\]\]>(?: ?\*\/)?)$/;

/** So many characters a wrapper has at most. */
const WRAPPER_LENGTH = 32;

/** Of text as pages have it: in a comment or a CDATA section, with line ends inside of strings. */
function parseJson(text: string): unknown {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string
  const flat = text.replace(/[\x00-\x1f]/g, ' ').trim();
  const start = BEFORE.exec(flat.slice(0, WRAPPER_LENGTH))?.[0].length ?? 0;
  const end = BEHIND.exec(flat.slice(-WRAPPER_LENGTH))?.[0].length ?? 0;
  try {
    return JSON.parse(flat.slice(start, flat.length - end));
  } catch {
    return undefined;
  }
}
