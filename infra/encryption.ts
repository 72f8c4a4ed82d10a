import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { removalPolicyOf } from './removal-policy.ts';
import type { Settings } from './settings.ts';

/** What SQS, DynamoDB and S3 do with a key in the name of who uses them. */
const USE = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'ReEncryptFrom',
  'ReEncryptTo',
];

/** What each construct that keeps something is made of. */
export interface KeptProps {
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** The key of table, image bucket and queues, where the settings name one. */
export class Encryption extends Construct {
  /** Absent where AWS encrypts with keys of its own. */
  readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { encryptionKey } = settings;
    if (encryptionKey === 'aws') return;
    this.key =
      encryptionKey === 'own'
        ? new Key(this, 'Key', {
            enableKeyRotation: true,
            removalPolicy: removalPolicyOf(settings),
            description: 'What the image crawler keeps',
          })
        : Key.fromKeyArn(this, 'Key', encryptionKey);
  }

  /** Allows working with what the key encrypts. */
  grantUse(grantee: IGrantable): void {
    if (this.key === undefined) return;
    const actions = USE.map((verb) => `kms:${verb}`);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.key.keyArn] });
  }
}
