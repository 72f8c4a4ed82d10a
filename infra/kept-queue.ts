import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';

/** AWS asks for six times the function's limit, so that a throttled batch is not handed out twice. */
const VISIBILITY_FACTOR = 6;

/** What every queue of the stack is set to: encrypted, TLS only, kept for as long as SQS can. */
export function keptQueue(key: IKey | undefined): QueueProps {
  return {
    encryption: key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: key,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  };
}

/** How long a message is hidden from others while a function with that time limit has it. */
export function visibilityFor(timeoutS: number): Duration {
  return Duration.seconds(timeoutS * VISIBILITY_FACTOR);
}
