/** The file is cut or damaged; the message says how. Readers of images throw nothing else. */
export class BrokenImage extends Error {
  override readonly name: string = 'BrokenImage';
}

/** The file ends before something that must be in it. */
export class CutImage extends BrokenImage {
  override readonly name = 'CutImage';

  constructor() {
    super('it ends too early');
  }
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
