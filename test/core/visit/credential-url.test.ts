import { describe, expect, it } from 'vitest';
import { credentialIn, withoutCredential } from '../../../core/visit/credential-url.ts';

const BASE = 'https://a.example/p/1.jpg';

describe('a URL that was made for somebody', () => {
  it.each([
    ['?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Signature=abc', 'AWS signature'],
    ['?x-amz-signature=abc', 'AWS signature'],
    ['?X%2DAmz%2DSignature=abc', 'AWS signature'],
    ['?AWSAccessKeyId=k&Expires=1&Signature=abc', 'AWS signature version 2'],
    ['?X-Goog-Algorithm=a&X-Goog-Signature=abc', 'Google Cloud Storage'],
    ['?GoogleAccessId=k&Expires=1&Signature=abc', 'Google Cloud Storage'],
    ['?Expires=1&KeyName=k&Signature=abc', 'Google Cloud CDN'],
    ['?Expires=1&Signature=abc~_&Key-Pair-Id=K1', 'CloudFront'],
    ['?Policy=p&Signature=abc&Key-Pair-Id=K1&w=3', 'CloudFront'],
    ['?sv=2024-11-04&sr=b&sig=abc%3D&se=2026', 'Azure'],
    ['?OSSAccessKeyId=k&Signature=abc', 'Alibaba'],
    ['?x-oss-signature=abc', 'Alibaba'],
    ['?q-sign-algorithm=sha1&q-signature=abc', 'Tencent'],
    ['?w=100&access_token=abc', 'bearer token'],
  ])('%s: %s', (query, name) => {
    expect(credentialIn(`${BASE}${query}`)).toContain(name);
  });

  it.each([
    '',
    '?w=100&h=200',
    '?sig=abc',
    '?signature=abc',
    '?Signature=abc&Expires=1',
    '?X-Amz-Signature=',
    '?access_token',
    '?text=X-Amz-Signature',
    '?a=b%26sig=c&sv=1',
    '?design=3&sv=4',
    '?%zz=1&sig=%',
  ])('is not one with %s', (query) => {
    expect(credentialIn(`${BASE}${query}`)).toBeUndefined();
  });

  it('is shown without its secret, and with everything else', () => {
    const url = `${BASE}?Expires=1&Signature=abc&Key-Pair-Id=K1&w=3`;
    expect(withoutCredential(url)).toBe(`${BASE}?Expires=1&Signature=…&Key-Pair-Id=K1&w=3`);
    expect(withoutCredential(`${BASE}?w=3`)).toBe(`${BASE}?w=3`);
  });
});
