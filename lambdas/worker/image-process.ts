import { serveImages } from '../../adapters/pixels/serve-images.ts';

// A process of its own beside the worker, started with the first image that has to be decoded.
serveImages(Number(process.argv[2]));
