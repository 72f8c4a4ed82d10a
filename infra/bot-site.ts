import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DIRECTORY_FIELDS, DIRECTORY_PATH } from '../contract/bot-identity.ts';
import { removalPolicyOf } from './removal-policy.ts';
import type { Settings } from './settings.ts';

/** What the site is made of. */
export interface BotSiteProps {
  readonly settings: Settings;
  readonly site: NonNullable<Settings['botSite']>;
  readonly accessLogs: IBucket;
}

/** Serves the public files of `crawl bot init` from a bucket, at a domain of the owner. */
export class BotSite extends Construct {
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, { settings, site, accessLogs }: BotSiteProps) {
    super(scope, id);
    const closed = {
      // Public files: a key of one's own would keep nothing secret. CloudFront writes to none.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: removalPolicyOf(settings),
      serverAccessLogsBucket: accessLogs,
    };
    this.#bucket = new Bucket(this, 'Bucket', { ...closed, serverAccessLogsPrefix: 'bot/' });
    const logs = new Bucket(this, 'Logs', {
      ...closed,
      serverAccessLogsPrefix: 'bot-logs/',
      // Distributions deliver their logs by ACL.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ expiration: Duration.days(settings.logRetentionDays) }],
    });
    const distribution = this.#distribute(site, logs);
    new CfnOutput(Stack.of(this), 'BotBucketName', { value: this.#bucket.bucketName });
    new CfnOutput(Stack.of(this), 'BotDomainName', { value: distribution.domainName });
  }

  #distribute({ domain, certificate }: BotSiteProps['site'], logBucket: IBucket): Distribution {
    const origin = S3BucketOrigin.withOriginAccessControl(this.#bucket);
    const usual = {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      // A digest of the content is signed: it is served as it is.
      compress: false,
    };
    const signed = new EdgeFunction(this, 'SignedDirectory', {
      code: FunctionCode.fromInline(directoryHeaders()),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'Sends what is kept with the key directory as its header fields',
    });
    const eventType = FunctionEventType.VIEWER_RESPONSE;
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Who the image crawler is',
      domainNames: [domain],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultRootObject: 'index.html',
      defaultBehavior: usual,
      additionalBehaviors: {
        [DIRECTORY_PATH]: {
          ...usual,
          functionAssociations: [{ function: signed, eventType }],
        },
      },
      enableLogging: true,
      logBucket,
    });
    acknowledge(distribution);
    return distribution;
  }
}

/**
 * A function of CloudFront: S3 sends what a person keeps with an object under names of its own. The
 * signature is made again without a deployment, by another upload.
 */
function directoryHeaders(): string {
  return `function handler(event) {
  var headers = event.response.headers;
  ${JSON.stringify(DIRECTORY_FIELDS)}.forEach(function (name) {
    var kept = headers['x-amz-meta-' + name];
    if (kept === undefined) return;
    headers[name] = { value: kept.value };
    delete headers['x-amz-meta-' + name];
  });
  return event.response;
}
`;
}

function acknowledge(distribution: Distribution): void {
  Validations.of(distribution).acknowledge({
    id: 'AwsSolutions-CFR1',
    reason: 'Owners of sites anywhere have to be able to read who the crawler is.',
  });
  Validations.of(distribution).acknowledge({
    id: 'AwsSolutions-CFR2',
    reason: 'Four small public files behind a cache: there is nothing for a firewall to keep out.',
  });
}
