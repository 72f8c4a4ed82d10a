import { expect, it } from 'vitest';
import { readFound } from './read.ts';

it.each([
  ['<meta name="tdm-reservation" content="1">', { reservation: 1 }],
  ['<META NAME="TDM-Reservation" CONTENT=" 1 ">', { reservation: 1 }],
  ['<meta name=tdm-reservation content=0>', { reservation: 0 }],
  [
    '<meta name=tdm-reservation content=1><meta name=tdm-policy content=https://a.example/p>',
    { reservation: 1, policy: 'https://a.example/p' },
  ],
  // Of several a reservation holds.
  [
    '<meta name=tdm-reservation content=0><meta name=tdm-reservation content=1>',
    { reservation: 1 },
  ],
  // Other values are unset, and a policy alone reserves nothing.
  ['<meta name=tdm-reservation content=2>', undefined],
  ['<meta name=tdm-reservation content="">', undefined],
  ['<meta name=tdm-reservation>', undefined],
  ['<meta name=tdm-policy content=https://a.example/p>', undefined],
  ['<meta http-equiv=tdm-reservation content=1>', undefined],
  // That of another document.
  ['<iframe srcdoc="<meta name=tdm-reservation content=1>"></iframe>', undefined],
])('%s says of mining: %j', async (markup, mining) => {
  expect((await readFound(`<html><head>${markup}<body>x`)).mining).toEqual(mining);
});

it.each([
  ['<link rel=license type=application/rsl+xml href=/l.xml>', '/l.xml'],
  ['<link rel="license next" type="Application/RSL+xml; v=1" href=/l.xml>', '/l.xml'],
  ['<link rel=license href=/l.xml>', undefined],
  ['<link rel=license type=text/html href=/l.html>', undefined],
  ['<link rel=alternate type=application/rsl+xml href=/l.xml>', undefined],
])('%s names terms: %s', async (markup, path) => {
  const { license } = await readFound(`<html><head>${markup}<body>x`);
  expect(license).toBe(path === undefined ? undefined : `https://site.example${path}`);
});

it('terms may stand in the header of the page', async () => {
  const linkHeader = '</l.xml>; rel="license"; type="application/rsl+xml"';
  const { license } = await readFound('<html><body>x', { linkHeader });
  expect(license).toBe('https://site.example/l.xml');
});
