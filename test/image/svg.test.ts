import { describe, expect, it } from 'vitest';
import { type Broken, described, isBroken, isOf, type Whole } from './described.ts';

const text = (document: string) => Buffer.from(document);
const svg = (attributes: string) => text(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`);
const utf16 = (document: string) => Buffer.from(document, 'utf16le');

const DOCUMENT = '<svg width="9" height="5"><g/></svg>';
const LANDSCAPE = 'viewBox="0 0 640 480"';

/** As drawing programs write it. */
const WITH_ENTITIES = `<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: a program, with > and <svg width="1"> in a comment -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_svg "http://www.w3.org/2000/svg]>">
  <!-- ]> --> <?note ]> ?>
]>
<svg version="1.1" xmlns="&ns_svg;" width="9" height="5"><text>&ns_svg;</text></svg>
<!-- </svg> -->
`;

describe('a picture in svg', () => {
  it.for<Whole>([
    ['alone', text(DOCUMENT), '9x5'],
    ['behind space', text(` \n\t${DOCUMENT}\n\n`), '9x5'],
    ['with everything that may stand in front', text(WITH_ENTITIES), '9x5'],
    ['of a prefix', text('<s:svg xmlns:s="x" width="9" height="5"><s:g/></s:svg >'), '9x5'],
    ['that holds another', text('<svg width="9" height="5"><svg width="1"></svg></svg>'), '9x5'],
    ['of one tag', svg('width="9" height="5"'), '9x5'],
    ['in single quotes and loose space', text("<svg\nwidth = '9'\n\theight= '5' ></svg>"), '9x5'],
    ['with > in an attribute', text('<svg id="a>b" width="9" height="5"></svg>'), '9x5'],
    ['with a long attribute', svg(`style="${'x'.repeat(9999)}" width="9" height="5"`), '9x5'],
    ['with UTF-8 and its mark', text(`\uFEFF${DOCUMENT}`), '9x5'],
    ['in UTF-16 from the low byte', utf16(`\uFEFF${DOCUMENT}`), '9x5'],
    ['in UTF-16 from the high byte', utf16(`\uFEFF${DOCUMENT}`).swap16(), '9x5'],
    ['in UTF-16 without its mark', utf16(`<?xml version="1.0"?>${DOCUMENT}`), '9x5'],
    ['in Latin-1', Buffer.from(`<svg width="9" height="5"><a>\xe9</a></svg>`, 'latin1'), '9x5'],
  ])('%s', isOf('svg'));
});

describe('a broken picture in svg', () => {
  it.for<Broken>([
    ['that is not closed', text('<svg width="9" height="5"><g>'), 'its root element is not closed'],
    ['whose inner one is closed', text('<svg><svg></svg><g>'), 'its root element is not closed'],
    ['whose close tag is cut', text('<svg width="9"><g/></svg'), 'its root element is not closed'],
    ['with more behind it', text(`${DOCUMENT}<p>`), 'its root element is not closed'],
    ['closed in a comment only', text('<svg><g><!-- </svg> -->'), 'its root element is not closed'],
    ['whose start tag is cut', text('<svg width="9" height'), 'its start tag is damaged'],
    ['whose value is cut', text('<svg width="9'), 'it ends too early'],
    ['whose value has no quotes', text('<svg width=9></svg>'), 'its start tag is damaged'],
    ['of no width', svg('width="0" height="5"'), 'it has no pixels'],
    ['of a size beyond all numbers', svg('width="1e999" height="5"'), 'it has no pixels'],
  ])('%s', isBroken('svg'));
});

describe('the size of an SVG', () => {
  it.each([
    ['width="9" height="5"', '9x5'],
    ['width="9px" height="5PX"', '9x5'],
    ['width="1in" height="2.54cm"', '96x96'],
    ['width="25.4mm" height="101.6Q"', '96x96'],
    ['width="72pt" height="6pc"', '96x96'],
    ['width="2em" height="2ex"', '32x16'],
    ['width=" +1.5e2 " height=".6"', '150x1'],
    ['width="0.2" height="9.5"', '1x10'],
    [`${LANDSCAPE} width="9" height="5"`, '9x5'],
    [`${LANDSCAPE}`, '640x480'],
    ['viewBox=" -8,-8 , 640.4 480 "', '640x480'],
    [`${LANDSCAPE} width="100%" height="100%"`, '640x480'],
    [`${LANDSCAPE} width="320"`, '320x240'],
    [`${LANDSCAPE} height="240px"`, '320x240'],
    [`${LANDSCAPE} width="auto" height="-3"`, '640x480'],
    [`${LANDSCAPE} width="9constructor" height="5"`, '7x5'],
    ['', '300x150'],
    ['width="50%"', '300x150'],
    ['width="9"', '9x150'],
    ['height="5"', '300x5'],
    ['viewBox="0 0 0 480"', '300x150'],
    ['viewBox="0 0 640"', '300x150'],
    ['viewBox="0 0 a b"', '300x150'],
    ['viewBox="0 0 1e999 9"', '300x150'],
    ['width="9" height="5" width="99"', '99x5'],
  ])('%s is %s', (attributes, size) => {
    expect(described(svg(attributes))).toEqual({ format: 'svg', size });
  });
});
