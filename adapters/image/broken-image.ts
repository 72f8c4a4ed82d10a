/** The file is cut or damaged; the message says how. The only thing that readers of images throw. */
export class BrokenImage extends Error {
  override readonly name = 'BrokenImage';
}

/** For parts that a picture can do without: what `read` gives, or undefined where they are broken. */
export function unlessBroken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BrokenImage) return undefined;
    throw error;
  }
}
