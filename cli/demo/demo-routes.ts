/** How a path of the demo site answers. Pictures are named by their number. */
export type Behaviour =
  | { readonly kind: 'picture'; readonly picture: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'slow'; readonly picture: number }
  | { readonly kind: 'moved'; readonly location: string }
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string }
  | { readonly kind: 'cut'; readonly picture: number }
  | RefusedOnce;

/** The first GET gets this status and these headers, the ones after it the picture. */
interface RefusedOnce {
  readonly kind: 'refused-once';
  readonly status: 429 | 500;
  readonly headers: Readonly<Record<string, string>>;
  readonly picture: number;
}

const PAGE = `<!doctype html>
<title>A page</title>
<p>This address ends in .jpg, and this is a page all the same.</p>
`;

/** The ten paths of the tutorial: each is a picture, and none tells its format. */
const TUTORIAL_ROUTES: Readonly<Record<string, Behaviour>> = Object.fromEntries(
  Array.from({ length: 10 }, (_, n) => [`/ImageUrl_${n}`, { kind: 'picture', picture: n }]),
);

const TROUBLE_ROUTES: Readonly<Record<string, Behaviour>> = {
  '/fine.jpg': { kind: 'picture', picture: 10 },
  '/missing.jpg': { kind: 'missing' },
  '/recovers.png': { kind: 'refused-once', status: 500, headers: {}, picture: 11 },
  '/slow.webp': { kind: 'slow', picture: 12 },
  '/moved.gif': { kind: 'moved', location: '/elsewhere.gif' },
  '/a-page.jpg': { kind: 'text', contentType: 'text/html; charset=utf-8', text: PAGE },
  '/cut.jpg': { kind: 'cut', picture: 6 },
  '/busy.avif': { kind: 'refused-once', status: 429, headers: { 'Retry-After': '1' }, picture: 4 },
};

/** Every path of the demo site; any other is a 404. */
export const DEMO_ROUTES: Readonly<Record<string, Behaviour>> = {
  '/robots.txt': {
    kind: 'text',
    contentType: 'text/plain; charset=utf-8',
    text: 'User-agent: *\nAllow: /\n',
  },
  ...TUTORIAL_ROUTES,
  ...TROUBLE_ROUTES,
  '/elsewhere.gif': { kind: 'picture', picture: 8 },
};

/** The tutorial's ten URLs on this origin. */
export function tutorialUrls(origin: string): readonly string[] {
  return Object.keys(TUTORIAL_ROUTES).map((path) => `${origin}${path}`);
}

/** One URL for each kind of trouble, and two more spellings of the first: a crawl asks for it once. */
export function troubleUrls(origin: string): readonly string[] {
  return [
    ...Object.keys(TROUBLE_ROUTES).map((path) => `${origin}${path}`),
    `${origin}/fine.jpg#the-same-picture`,
    `${origin.replace('http', 'HTTP')}/fine.jpg`,
  ];
}
