import { endingOf } from '../../contract/image-name.ts';

/** How the file of a format ends, without a dot; never anything but lower-case letters and digits. */
export function extensionOf(format = 'bin'): string {
  const ending = endingOf(format).toLowerCase();
  return /^[a-z0-9]{1,10}$/.test(ending) ? ending : 'bin';
}
