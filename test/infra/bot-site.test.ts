import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DIRECTORY_PATH } from '../../contract/bot-identity.ts';
import { EVERY_SETTING } from './every-setting.ts';
import { type Synthesised, synthesised } from './synthesised.ts';

const { botSite } = EVERY_SETTING;
const distribution = z.object({
  DistributionConfig: z.object({
    Aliases: z.array(z.string()),
    DefaultRootObject: z.string(),
    DefaultCacheBehavior: z.record(z.string(), z.unknown()),
    CacheBehaviors: z.array(z.record(z.string(), z.unknown())),
    Logging: z.unknown(),
    Origins: z.array(z.record(z.string(), z.unknown())),
    ViewerCertificate: z.record(z.string(), z.unknown()),
  }),
});

function configIn(stack: Synthesised) {
  const { Properties } = stack.find('AWS::CloudFront::Distribution');
  return distribution.parse(Properties).DistributionConfig;
}

describe('the site of a bot', () => {
  const stack = synthesised({ crawler: { botSite } });
  const config = configIn(stack);

  it('is served at the domain, with its certificate and TLS 1.2 at least', () => {
    expect(config.Aliases).toEqual(['bot.test']);
    expect(config.DefaultRootObject).toBe('index.html');
    expect(config.ViewerCertificate).toEqual({
      AcmCertificateArn: botSite.certificate,
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    });
  });

  it('comes from a bucket that nobody reads but this distribution', () => {
    const bucket = stack.find('AWS::S3::Bucket', 'BotSiteBucket');
    expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(config.Origins[0]).toHaveProperty('OriginAccessControlId');
    const policy = JSON.stringify(stack.find('AWS::S3::BucketPolicy', 'BotSiteBucket'));
    expect(policy).toContain('"Action":"s3:GetObject"');
    expect(policy).toContain('"Service":"cloudfront.amazonaws.com"');
    expect(policy).toContain('"AWS:SourceArn"');
  });

  it('has neither a function of Lambda nor a role more than the stack has without it', () => {
    const plain = synthesised();
    for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role'])
      expect(stack.all(type)).toHaveLength(plain.all(type).length);
  });

  it('is told in outputs, to upload to and to point the domain at', () => {
    expect(stack.outputs).toEqual(expect.arrayContaining(['BotBucketName', 'BotDomainName']));
  });

  it('sends the key directory uncompressed, and the fields that are kept with it as headers', () => {
    const behavior = config.CacheBehaviors.find((one) => one['PathPattern'] === DIRECTORY_PATH);
    expect(behavior).toMatchObject({
      Compress: false,
      ViewerProtocolPolicy: 'redirect-to-https',
      FunctionAssociations: [{ EventType: 'viewer-response' }],
    });
    const { Properties } = stack.find('AWS::CloudFront::Function');
    const headers = {
      'content-type': { value: 'application/http-message-signatures-directory+json' },
      'x-amz-meta-signature': { value: 'sig1=:AA==:' },
      'x-amz-meta-signature-input': { value: 'sig1=()' },
    };
    const code = `${String(Properties['FunctionCode'])}; handler(event)`;
    const answer = runInNewContext(code, { event: { response: { statusCode: 200, headers } } });
    expect(answer).toEqual({
      statusCode: 200,
      headers: {
        'content-type': { value: 'application/http-message-signatures-directory+json' },
        signature: { value: 'sig1=:AA==:' },
        'signature-input': { value: 'sig1=()' },
      },
    });
  });
});

it('without the setting there is no trace of it', () => {
  expect(JSON.stringify(synthesised().resources)).not.toMatch(/CloudFront|BotSite/);
});
