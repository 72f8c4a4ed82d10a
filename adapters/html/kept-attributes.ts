import { lazyName } from '../../core/links/lazy-names.ts';
import { KNOWN_ATTRIBUTES } from './element-rules.ts';
import { isOfImages } from './image-elements.ts';

/** On which elements an attribute is kept. */
type Kept = 'on-all' | 'on-images' | 'never';

/** Names that are remembered beside those that are known: pages have some hundred. */
const MAX_KNOWN = 10_000;
const known = new Map<string, Kept>([
  ...[...KNOWN_ATTRIBUTES].map((name) => [name, 'on-all'] as const),
  ['width', 'on-images'],
]);

/** Whether an attribute may say something of images or links, by its name and that of its element. */
export function isKept(attribute: string, element: string): boolean {
  let kept = known.get(attribute);
  if (kept === undefined) {
    kept = keptFor(attribute);
    if (known.size < MAX_KNOWN) known.set(attribute, kept);
  }
  return kept === 'on-all' || (kept === 'on-images' && isOfImages(element));
}

function keptFor(attribute: string): Kept {
  const name = lazyName(attribute);
  if (name === undefined) return 'never';
  return name.isOnAny ? 'on-all' : 'on-images';
}
