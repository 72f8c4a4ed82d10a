/** Members of a manifest and of its parts that are lists of images. */
const IMAGES: readonly string[] = ['icons', 'screenshots'];

/** Members that are lists of parts with images of their own. */
const PARTS: readonly string[] = ['shortcuts', 'file_handlers', 'widgets'];

/**
 * The addresses of images that a web app manifest names (W3C, "Web Application Manifest"), in their
 * order, relative to the manifest; none where it is no JSON.
 */
export function manifestImages(text: string): readonly string[] {
  const manifest = parseJson(text);
  if (!isObject(manifest)) return [];
  const parts = PARTS.flatMap((name) => objectsOf(manifest[name]));
  return [manifest, ...parts].flatMap(imagesOf);
}

type JsonObject = Readonly<Record<string, unknown>>;

function imagesOf(part: JsonObject): readonly string[] {
  const images = IMAGES.flatMap((name) => objectsOf(part[name]));
  return images.flatMap(({ src }) => (typeof src === 'string' ? [src] : []));
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
