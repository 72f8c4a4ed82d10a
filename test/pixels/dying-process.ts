import { orderOf } from '../../adapters/pixels/process-messages.ts';
import { serveImages } from '../../adapters/pixels/serve-images.ts';

/** What bytes do to this process, as a bug of native code would. */
const DEATHS: Readonly<Record<string, () => void>> = {
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  hang: () => {
    for (;;);
  },
  hoard: () => {
    hoard.push(Buffer.alloc(400e6, 1));
  },
};
const hoard: Buffer[] = [];

process.prependListener('message', (message: unknown) => {
  const { bytes } = orderOf(message).image;
  const word = Buffer.from(bytes).toString('latin1', 0, 5).trim();
  DEATHS[word]?.();
});
serveImages(Number(process.argv[2]));
