import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { KeptBytes } from './object-store.ts';

/** An object that comes in parts. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** By their numbers. */
  readonly parts: Map<number, KeptBytes>;
}

/** Uploads that were begun, and not ended; they end with the process. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  begin(upload: Omit<Upload, 'parts'>): string {
    const id = randomUUID();
    this.#uploads.set(id, { ...upload, parts: new Map() });
    return id;
  }

  /** @throws AwsError when there is none of that id for the object */
  find(id: string, { bucket, key }: Pick<Upload, 'bucket' | 'key'>): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.bucket === bucket && upload.key === key) return upload;
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    );
  }

  end(id: string): void {
    this.#uploads.delete(id);
  }
}
