import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
import { bytes } from './build.ts';

describe('bytes that are no image', () => {
  it.each([
    ['', 'nothing'],
    [' \r\n\t ', 'blank text'],
    ['Not found', 'text'],
    ['404: G\u00fcnther\u2019s picture is gone', 'text'],
    ['GIF', 'text'],
    ['BMI tables', 'text'],
    ['BM: a text that begins like a bitmap', 'text'],
    ['II*', 'text'],
    ['{"error":"gone"}', 'JSON'],
    [' [1, 2]', 'JSON'],
    ['<!doctype html><title>x</title>', 'an HTML page'],
    ['<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html>', 'an HTML page'],
    ['\uFEFF\n<HTML lang="en">', 'an HTML page'],
    ['<!-- cached --><html>', 'an HTML page'],
    [
      '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">',
      'an HTML page',
    ],
    ['<html><svg width="9" height="5"></svg></html>', 'an HTML page'],
    ['<script>location="/"</script>', 'an HTML page'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'XML'],
    ['<svgs/>', 'XML'],
    ['<svg', 'XML'],
    ['<!-- <svg width="9" height="5"></svg>', 'XML'],
    ['<', 'XML'],
    ['%PDF-1.7', 'a PDF'],
    ['8BPS\0\x01', 'a Photoshop document'],
    ['P6\n9 5\n255\n', 'a PNM picture'],
    ['P5\n9 5\n255\n', 'a PNM picture'],
    ['\x0a\x05\x01\x08', 'a PCX picture'],
    ['icns\0\0\x01\0', 'an icon (ICNS)'],
    ['qoif\0\0\0\x09', 'a QOI picture'],
    ['DDS |\0\0\0', 'a texture (DDS)'],
    ['PK\x03\x04', 'a ZIP archive'],
    ['\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'a video (MP4)'],
    ['\0\0\0\x18ftyp', 'a video (MP4)'],
    ['RIFF\x24\0\0\0AVI LIST', 'a video (AVI)'],
    ['RIFF\x24\0\0\0WAVEfmt ', 'sound (WAV)'],
    ['ID3\x03', 'sound (MP3)'],
    ['wOF2\0\x01\0\0', 'a font'],
    ['\0\0\0\0', 'unknown bytes'],
    ['\0\0\x02\0\0\0\0\0\0\0\0\0\x09\0\x05\0\x18\0', 'unknown bytes'],
    ['\0\0\x01\0\0\0', 'unknown bytes'],
    ['RIFF', 'text'],
  ])('%j: %s', (text, detail) => {
    expect(inspectImage(Buffer.from(text))).toEqual({ kind: 'not-an-image', detail });
  });

  it.each([
    ['gzip', bytes('\x1f\x8b\x08')],
    ['text', Buffer.from('\uFEFFtext', 'utf16le')],
    ['an HTML page', Buffer.from('\uFEFF<!doctype html>', 'utf16le')],
    ['unknown bytes', bytes('\xff\xd8', 0)],
    ['a video (WebM)', bytes('\x1a\x45\xdf\xa3')],
    ['unknown bytes', Buffer.from(Array.from({ length: 999 }, (_, n) => (n * 89 + 7) % 256))],
  ])('%s, as bytes', (detail, file) => {
    expect(inspectImage(file)).toEqual({ kind: 'not-an-image', detail });
  });
});
