import { describe, expect, it } from 'vitest';
import { tellDenials } from '../../../cli/deployment/denied.ts';

/** What the person is told when AWS answers a command so. */
async function told(name: string, message: string, commandName: string, input: object) {
  const error = Object.assign(new Error(message), { name });
  const client = commandName.startsWith('Put') && 'Bucket' in input ? 'S3Client' : 'DynamoDBClient';
  const send = tellDenials(() => Promise.reject(error), { clientName: client, commandName });
  return send({ input }).catch((thrown: Error) => thrown.message);
}

describe('what AWS denies', () => {
  it('is told in one line where AWS gives no reason, as S3 does', async () => {
    const input = { Bucket: 'b', Key: 'seeds/1/0' };
    expect(await told('AccessDenied', 'Access Denied', 'PutObjectCommand', input)).toBe(
      'AWS denies s3:PutObject on arn:aws:s3:::b/seeds/1/0',
    );
  });

  it('is told with who asked and why not, where AWS says so', async () => {
    const message =
      'User: arn:aws:iam::1:user/ann is not authorized to perform: dynamodb:Query on resource: ' +
      'arn:aws:dynamodb:us-east-1:1:table/t because no identity-based policy allows it';
    expect(await told('AccessDeniedException', message, 'QueryCommand', { TableName: 't' })).toBe(
      'AWS denies dynamodb:Query on arn:aws:dynamodb:us-east-1:1:table/t to arn:aws:iam::1:user/ann ' +
        '(no identity-based policy allows it)',
    );
  });

  it('is told where the resource is quoted, and a key of KMS is what is missing', async () => {
    const message =
      'User: arn:aws:iam::1:user/ann is not authorized to perform: kms:Decrypt on resource: ' +
      '"arn:aws:kms:us-east-1:1:key/k" because no resource-based policy allows it';
    const input = { Bucket: 'b', Key: 'x' };
    expect(await told('AccessDenied', message, 'PutObjectCommand', input)).toContain(
      'AWS denies kms:Decrypt on arn:aws:kms:us-east-1:1:key/k to',
    );
  });

  it('is nothing else that goes wrong', async () => {
    expect(await told('ThrottlingException', 'slow down', 'QueryCommand', {})).toBe('slow down');
  });
});
