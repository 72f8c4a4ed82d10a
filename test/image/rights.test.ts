import { brotliCompressSync, deflateSync } from 'node:zlib';
import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { MAX_EMBEDDED_BYTES } from '../../adapters/image/embedded.ts';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { embeddedRights } from '../../adapters/image/rights/embedded-rights.ts';
import { jumbfRights } from '../../adapters/image/rights/jumbf-rights.ts';
import { xmpRights } from '../../adapters/image/rights/xmp-rights.ts';
import type { Positions } from '../../core/model/purpose.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import {
  big,
  box,
  bytes,
  chunk,
  EOI,
  frame,
  gifImage,
  gifScreen,
  little,
  png,
  riffChunk,
  SCAN,
  SOI,
  segment,
  TIFF_HEADER,
  tiffDirectory,
  tiffEntry,
  webp,
} from './build.ts';
import { picture } from './pictures.ts';

const PLUS = 'http://ns.useplus.org/ldf/xmp/1.0/';
const VOCABULARY = 'http://ns.useplus.org/ldf/vocab/';

/** A packet of XMP with a description that has these attributes and elements. */
function xmp(attributes: string, elements = ''): string {
  return (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description ${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
  );
}

const PROHIBITED = xmp(
  `xmlns:plus="${PLUS}" plus:DataMining="${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"`,
);
const RESERVES_TRAINING: Positions = { train: 'reserved' };

/** A JUMBF superbox (ISO/IEC 19566-5) with a label. */
function superbox(label: string, ...content: readonly Uint8Array[]): Buffer {
  return box('jumb', box('jumd', Buffer.alloc(16, 7), 3, label, 0), ...content);
}

/** A C2PA manifest store whose only manifest has one assertion. */
function store(label: string, content: Uint8Array): Buffer {
  const assertions = superbox(
    'c2pa.assertions',
    superbox('c2pa.hash.data', box('cbor', encode({ a: 1 }))),
    superbox(label, content),
  );
  return superbox(
    'c2pa',
    superbox('urn:uuid:1', assertions, superbox('c2pa.claim', box('cbor', encode({})))),
  );
}

const entries = (use: string) => ({ entries: { 'cawg.ai_training': { use } } });
const STORE = store('cawg.training-mining', box('cbor', encode(entries('notAllowed'))));

const jpeg = (...segments: readonly Uint8Array[]) =>
  bytes(SOI, ...segments, frame(0xc0, 9, 5), SCAN, EOI);
const app1 = (text: string) =>
  segment(0xe1, bytes('http://ns.adobe.com/xap/1.0/\0', Buffer.from(text)));
const app11 = (part: number, content: Uint8Array) =>
  segment(0xeb, bytes('JP', big(2, 1), big(4, part), content));
const iTXt = (flag: number, content: Uint8Array) =>
  chunk('iTXt', bytes('XML:com.adobe.xmp\0', flag, 0, 'en\0', 'x\0', content));
const subBlocks = (content: Buffer) => {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; at += 255) {
    const part = content.subarray(at, at + 255);
    parts.push(bytes(part.length, part));
  }
  return bytes(...parts, 0);
};
const gif = (...extensions: readonly Uint8Array[]) =>
  bytes(gifScreen(9, 5), ...extensions, gifImage(9, 5), 0x3b);
/** The trailer of XMP in a GIF: 255 down to 0, wherever a chain of sub-blocks steps into it. */
const MAGIC = bytes(1, ...Array.from({ length: 256 }, (_, n) => 255 - n), 0);

function tiffWith(tag: number, content: Buffer): Buffer {
  const count = 5;
  const dataAt = 8 + 2 + 12 * count + 4;
  const directory = tiffDirectory([
    tiffEntry(256, 4, 1, 9),
    tiffEntry(257, 4, 1, 5),
    tiffEntry(273, 4, 1, 8),
    tiffEntry(279, 4, 1, 1),
    bytes(little(2, tag, 7), little(4, content.length, dataAt)),
  ]);
  return bytes(TIFF_HEADER, directory, content);
}

const C2PA_UUID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const uuidBox = box('uuid', C2PA_UUID, 0, 0, 0, 0, 'manifest\0', Buffer.alloc(8), STORE);

const FILES: readonly (readonly [title: string, file: Uint8Array])[] = [
  ['JPEG with XMP', jpeg(app1(PROHIBITED))],
  [
    'JPEG with XMP behind other segments',
    jpeg(
      segment(0xe0, Buffer.from('JFIF\0')),
      segment(0xe1, Buffer.from('Exif\0\0x')),
      app1(PROHIBITED),
    ),
  ],
  [
    'JPEG with extended XMP in two segments',
    jpeg(
      ...[PROHIBITED.slice(0, 250), PROHIBITED.slice(250)].map((part) =>
        segment(
          0xe1,
          bytes(
            'http://ns.adobe.com/xmp/extension/\0',
            'f'.repeat(32),
            big(4, PROHIBITED.length, 0),
            part,
          ),
        ),
      ),
    ),
  ],
  ['JPEG with C2PA', jpeg(app11(1, STORE))],
  [
    'JPEG with C2PA in two segments',
    jpeg(
      app11(1, STORE.subarray(0, 200)),
      app11(2, bytes(STORE.subarray(0, 8), STORE.subarray(200))),
    ),
  ],
  ['PNG with XMP', png(9, 5, iTXt(0, Buffer.from(PROHIBITED)))],
  ['PNG with compressed XMP', png(9, 5, iTXt(1, deflateSync(PROHIBITED)))],
  ['PNG with C2PA', png(9, 5, chunk('caBX', STORE))],
  [
    'WebP with XMP',
    webp(
      riffChunk('VP8X', bytes(4, 0, 0, 0, little(3, 8, 4))),
      riffChunk('VP8L', bytes(0x2f, little(4, 8 | (4 << 14)), 'data')),
      riffChunk('XMP ', Buffer.from(PROHIBITED)),
    ),
  ],
  [
    'WebP with C2PA',
    webp(
      riffChunk('VP8L', bytes(0x2f, little(4, 8 | (4 << 14)), 'data')),
      riffChunk('C2PA', STORE),
    ),
  ],
  ['GIF with XMP', gif(bytes(0x21, 0xff, 11, 'XMP DataXMP', Buffer.from(PROHIBITED), MAGIC))],
  ['GIF with C2PA', gif(bytes(0x21, 0xff, 11, 'C2PA_GIF', 1, 0, 0, subBlocks(STORE)))],
  ['TIFF with XMP', tiffWith(700, Buffer.from(PROHIBITED))],
  ['TIFF with C2PA', tiffWith(52_545, STORE)],
  ['AVIF with XMP', bytes(picture('still.avif'), box('free', PROHIBITED))],
  ['AVIF with C2PA', bytes(picture('still.avif'), uuidBox)],
  ['HEIC with C2PA', bytes(picture('still.heic'), uuidBox)],
  ['JPEG XL with XMP', bytes(picture('container.jxl'), box('xml ', PROHIBITED))],
  [
    'JPEG XL with compressed XMP',
    bytes(picture('container.jxl'), box('brob', 'xml ', brotliCompressSync(PROHIBITED))),
  ],
  ['JPEG XL with C2PA', bytes(picture('container.jxl'), STORE)],
  [
    'JPEG XL with compressed C2PA',
    bytes(picture('container.jxl'), box('brob', 'jumb', brotliCompressSync(STORE.subarray(8)))),
  ],
  [
    'JPEG 2000 with XMP',
    bytes(
      picture('still.jp2'),
      box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), PROHIBITED),
    ),
  ],
  [
    'SVG with XMP',
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="5"><metadata>${PROHIBITED.replace(/<\?.*?\?>/g, '')}</metadata></svg>`,
    ),
  ],
];

describe('rights in an image', () => {
  it.each(FILES)('are found: %s', (_, file) => {
    const found = inspectImage(file);
    expect(found.kind).toBe('image');
    const rights = found.kind === 'image' ? found.rights : undefined;
    expect(rights?.map(({ positions }) => positions)).toEqual([RESERVES_TRAINING]);
  });

  it('are absent where nothing is said', () => {
    expect(inspectImage(picture('baseline.jpg'))).not.toHaveProperty('rights');
  });
});

const attribute = (value: string) => xmp(`xmlns:plus="${PLUS}" plus:DataMining="${value}"`);
const MINING = { tdm: 'reserved', train: 'reserved', 'ai-input': 'reserved' } as const;

const PACKETS: readonly (readonly [title: string, packet: string, positions?: Positions])[] = [
  ['unspecified', attribute(`${VOCABULARY}DMI-UNSPECIFIED`)],
  [
    'allowed',
    attribute(`${VOCABULARY}DMI-ALLOWED`),
    { tdm: 'allowed', train: 'allowed', 'ai-input': 'allowed' },
  ],
  ['training', attribute(`${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING`), RESERVES_TRAINING],
  [
    'generative training',
    attribute(`${VOCABULARY}DMI-PROHIBITED-GENAIMLTRAINING`),
    RESERVES_TRAINING,
  ],
  [
    'all but search',
    attribute(`${VOCABULARY}DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING`),
    { ...MINING, search: 'allowed' },
  ],
  ['all', attribute(`${VOCABULARY}DMI-PROHIBITED`), { ...MINING, search: 'reserved' }],
  [
    'see constraint',
    attribute(`${VOCABULARY}DMI-PROHIBITED-SEECONSTRAINT`),
    { ...MINING, search: 'reserved' },
  ],
  [
    'see embedded',
    attribute(`${VOCABULARY}DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR`),
    { ...MINING, search: 'reserved' },
  ],
  [
    'see linked',
    attribute(`${VOCABULARY}DMI-PROHIBITED-SEELINKEDRIGHTSEXPR`),
    { ...MINING, search: 'reserved' },
  ],
  ['without the vocabulary’s address', attribute('DMI-PROHIBITED-AIMLTRAINING'), RESERVES_TRAINING],
  ['unknown', attribute(`${VOCABULARY}DMI-OTHER`)],
  ['empty', attribute('')],
  [
    'an element',
    xmp(
      `xmlns:plus="${PLUS}"`,
      `<plus:DataMining>${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING</plus:DataMining>`,
    ),
    RESERVES_TRAINING,
  ],
  [
    'an element in lines',
    xmp(
      `xmlns:plus="${PLUS}"`,
      `<plus:DataMining>\n  ${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING\n</plus:DataMining>`,
    ),
    RESERVES_TRAINING,
  ],
  [
    'a resource',
    xmp(
      `xmlns:plus="${PLUS}"`,
      `<plus:DataMining rdf:resource="${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"/>`,
    ),
    RESERVES_TRAINING,
  ],
  [
    'single quotes',
    xmp(`xmlns:plus='${PLUS}' plus:DataMining = '${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING'`),
    RESERVES_TRAINING,
  ],
  [
    'another prefix',
    xmp(`xmlns:p="${PLUS}" p:DataMining="${VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"`),
    RESERVES_TRAINING,
  ],
  [
    'another namespace',
    xmp(`xmlns:plus="http://example.test/" plus:DataMining="${VOCABULARY}DMI-PROHIBITED"`),
  ],
  [
    'another property',
    xmp(`xmlns:plus="${PLUS}" plus:DataMiningNote="${VOCABULARY}DMI-PROHIBITED"`),
  ],
  [
    'tdm:reservation 1',
    xmp('xmlns:tdm="http://www.w3.org/ns/tdmrep/" tdm:reservation="1"'),
    MINING,
  ],
  [
    'tdm:reservation 0',
    xmp('xmlns:tdm="http://www.w3.org/ns/tdmrep/" tdm:reservation="0"'),
    { tdm: 'allowed' },
  ],
  ['no XMP at all', 'DataMining DMI-PROHIBITED'],
];

describe('XMP', () => {
  it.for(PACKETS)('%s', ([, packet, positions]) => {
    const expected = positions === undefined ? [] : [positions];
    for (const encoded of [
      Buffer.from(packet),
      Buffer.from(packet, 'utf16le'),
      Buffer.from(`\ufeff${packet}`, 'utf16le'),
    ])
      expect(xmpRights(encoded).map((one) => one.positions)).toEqual(expected);
  });
});

const cbor = (value: unknown) => box('cbor', encode(value));
const use = (name: string, value: string) => ({ entries: { [name]: { use: value } } });

const ASSERTIONS: readonly (readonly [title: string, store: Uint8Array, positions?: Positions])[] =
  [
    [
      'not allowed',
      store('cawg.training-mining', cbor(use('cawg.ai_generative_training', 'notAllowed'))),
      RESERVES_TRAINING,
    ],
    [
      'constrained',
      store('cawg.training-mining', cbor(use('cawg.ai_training', 'constrained'))),
      RESERVES_TRAINING,
    ],
    [
      'allowed',
      store('cawg.training-mining', cbor(use('cawg.ai_training', 'allowed'))),
      { train: 'allowed' },
    ],
    [
      'mining',
      store('cawg.training-mining', cbor(use('cawg.data_mining', 'notAllowed'))),
      { tdm: 'reserved' },
    ],
    [
      'inference',
      store('cawg.training-mining', cbor(use('cawg.ai_inference', 'notAllowed'))),
      { 'ai-input': 'reserved' },
    ],
    [
      'the older label',
      store('c2pa.training-mining', cbor(use('c2pa.ai_training', 'notAllowed'))),
      RESERVES_TRAINING,
    ],
    [
      'a second instance',
      store('cawg.training-mining__1', cbor(use('cawg.ai_training', 'notAllowed'))),
      RESERVES_TRAINING,
    ],
    [
      'a version',
      store('cawg.training-mining.v2', cbor(use('cawg.ai_training', 'notAllowed'))),
      RESERVES_TRAINING,
    ],
    [
      'JSON',
      store(
        'cawg.training-mining',
        box('json', JSON.stringify(use('cawg.ai_training', 'notAllowed'))),
      ),
      RESERVES_TRAINING,
    ],
    [
      'no entries between',
      store('c2pa.training-mining', cbor({ 'c2pa.ai_training': { use: 'notAllowed' } })),
      RESERVES_TRAINING,
    ],
    [
      'one allowed, one not',
      store(
        'cawg.training-mining',
        cbor({
          entries: {
            'cawg.ai_training': { use: 'allowed' },
            'cawg.ai_generative_training': { use: 'notAllowed' },
          },
        }),
      ),
      RESERVES_TRAINING,
    ],
    ['an unknown use', store('cawg.training-mining', cbor(use('cawg.ai_training', 'perhaps')))],
    ['an unknown entry', store('cawg.training-mining', cbor(use('cawg.printing', 'notAllowed')))],
    ['another label', store('c2pa.actions', cbor(use('cawg.ai_training', 'notAllowed')))],
    ['broken CBOR', store('cawg.training-mining', box('cbor', Buffer.from([0xbf, 0x61])))],
    ['a number for the entries', store('cawg.training-mining', cbor({ entries: 7 }))],
    ['a cut store', STORE.subarray(0, STORE.length - 20)],
    ['nothing', new Uint8Array()],
  ];

describe('C2PA', () => {
  it.for(ASSERTIONS)('%s', ([, assertion, positions]) => {
    const expected = positions === undefined ? [] : [positions];
    expect(jumbfRights(assertion).map((one) => one.positions)).toEqual(expected);
  });
});

describe('hostile metadata', () => {
  const nested = (levels: number) => {
    let inner: Buffer = STORE;
    for (let n = 0; n < levels; n += 1) inner = superbox('x', inner);
    return inner;
  };
  it.each([
    ['declarations without end', 'xmp', Buffer.from(`${PLUS}${'xmlns:a="'.repeat(100_000)}`)],
    [
      'a thousand prefixes',
      'xmp',
      Buffer.from(
        Array.from({ length: 20_000 }, (_, n) => `xmlns:p${n}="${PLUS}" p${n}:DataMining=`).join(
          ' ',
        ),
      ),
    ],
    [
      'a property again and again',
      'xmp',
      Buffer.from(`xmlns:p="${PLUS}" ${'p:DataMining '.repeat(70_000)}`),
    ],
    [
      'space without end',
      'xmp',
      Buffer.from(`xmlns:p="${PLUS}" p:DataMining${' '.repeat(900_000)}`),
    ],
    ['boxes within boxes', 'jumbf', nested(2000)],
    [
      'boxes without end',
      'jumbf',
      Buffer.concat(Array.from({ length: 100_000 }, () => box('jumb'))),
    ],
    [
      'a map within maps',
      'jumbf',
      store('cawg.training-mining', box('cbor', Buffer.alloc(60_000, 0xa1))),
    ],
    ['lists within lists', 'jumbf', store('cawg.training-mining', box('json', '['.repeat(60_000)))],
  ] as const)('is read in bounded time: %s', (_, kind, content) => {
    expect(cpuTimeMs(() => void embeddedRights([{ kind, bytes: content }]))).toBeLessThan(1000);
  });

  it('is read in part', () => {
    const far = Buffer.concat([Buffer.alloc(MAX_EMBEDDED_BYTES, 0x20), Buffer.from(PROHIBITED)]);
    expect(embeddedRights([{ kind: 'xmp', bytes: far }])).toEqual([]);
  });

  it('does not grow in a compressed PNG', () => {
    const bomb = png(9, 5, iTXt(1, deflateSync(Buffer.alloc(64 * MAX_EMBEDDED_BYTES))));
    expect(inspectImage(bomb).kind).toBe('image');
  });
});
