import { words } from '../model/words.ts';
import type { Rank } from './image-files.ts';

/** What the name of an attribute says of an image that a script loads from it. */
export interface LazyName {
  /** Read on any element, or on those of images only. */
  readonly isOnAny: boolean;
  /** Its value is candidates, written as in `srcset`. */
  readonly isSet: boolean;
  /** On an image's element its value is an address, also without the ending of an image. */
  readonly isSource: boolean;
  /** Its value is painted behind an element: an address also without the ending of an image. */
  readonly isBackground: boolean;
  /** How large the file is among those of its image. */
  readonly rank: Rank;
  /** It is another picture than that of the element: shown behind it, or on its turn. */
  readonly isOther: boolean;
}

/** Names that scripts read: no colons and brackets, in which frameworks keep code. */
const WORD = /^[a-z_][\w-]*$/;

/** Attributes of HTML and of frameworks that are something else, or are read elsewhere. */
const ELSEWHERE = words(
  'accept align allow alt as autoplay background border class color content controls coords',
  'crossorigin data decoding dir download fetchpriority for form formaction height href hreflang',
  'hspace id imagesizes imagesrcset integrity itemid itemprop itemtype lang loading longdesc loop',
  'media method name nonce ping placeholder poster property ref referrerpolicy rel role sizes slot',
  'src srcdoc srcset style tabindex target title type usemap value vspace width xmlns',
);
/** Others that begin so. */
const ELSEWHERE_PREFIX = /^(?:aria-|on|v-|x-)/;

/** Endings of names whose values are words, numbers or keys, however they look. */
const NO_ADDRESS =
  /(?:^|[-_])(?:action|alt|author|caption|class|copyright|credits?|desc(?:ription)?|dimensions?|filename|format|heights?|id|keys?|keywords|labels?|meta|mime|names?|ratio|selector|sizes?|slug|tags?|target|text|title|tooltip|types?|version|widths?)$/;

const OF_IMAGES =
  /src|im(?:g|age)|lazy|photo|pic(?:$|[^k])|picture|thumb|zoom|orig|full|large|big|medium|retina|hi-?res|high-?res|2x|rjs|echo|bg|background|poster|cover|webp|avif|delayed|defer/;

/** Endings of the names of which `OF_IMAGES` is true and whose value is the address itself. */
const ADDRESS =
  /(?:src\d?|ur[il]|file|path|sources?|original|origin|orig|lazy|lazyload|load|echo|zoom|res|hires|highres|retina|2x|rjs|full|large|big|medium|small|thumb|thumbnail|image|img|photo|picture|pic|cover|webp|avif|preview|custom|bg|background|poster)$/;

const BACKGROUND = /bg|background|poster|parallax/;
const SET = /(?:src|bg|image|img|original|lazy)[-_]?set$/;
const OTHER = /bg|background|poster|parallax|hover|cover|slide/;

const RANKS: readonly (readonly [pattern: RegExp, rank: Rank])[] = [
  [/thumb|small|medium|preview|placeholder|fallback|low|mobile|blur|lqip|tiny/, 'small'],
  [
    /zoom|full|orig[a-z]*[-_]?(?:file|image)|hi-?res|hi-res|high-?res|retina|2x|rjs|pswp|magnify|mfp|lightbox|lg-src|master/,
    'full',
  ],
  [/large|big/, 'large'],
];

/** Names that are remembered: pages have some hundred. */
const MAX_KNOWN = 10_000;
const known = new Map<string, LazyName | 'none'>();

/** What an attribute may hold for scripts that load images late; undefined where it holds nothing of it. */
export function lazyName(name: string): LazyName | undefined {
  let read = known.get(name);
  if (read === undefined) {
    read = readName(name) ?? 'none';
    if (known.size < MAX_KNOWN) known.set(name, read);
  }
  return read === 'none' ? undefined : read;
}

function readName(name: string): LazyName | undefined {
  const isElsewhere = ELSEWHERE.has(name) || ELSEWHERE_PREFIX.test(name);
  if (!WORD.test(name) || isElsewhere || NO_ADDRESS.test(name)) return undefined;
  const isOfImages = OF_IMAGES.test(name);
  return {
    isOnAny: name.startsWith('data-') || isOfImages,
    isSet: SET.test(name),
    isSource: isOfImages && ADDRESS.test(name),
    isBackground: BACKGROUND.test(name),
    rank: RANKS.find(([pattern]) => pattern.test(name))?.[1] ?? 'usual',
    isOther: OTHER.test(name),
  };
}
