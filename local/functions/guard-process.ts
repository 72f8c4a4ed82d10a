import { guardAsset } from './asset-guard.ts';

// Preloaded by processes that a function starts: they are as far away from the project as the function.
guardAsset(new URL(import.meta.url).searchParams.get('asset') ?? '');
