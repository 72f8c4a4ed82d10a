import * as dynamodb from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sqs from '@aws-sdk/client-sqs';
import type { Aws } from './judged-services.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:tasks.fifo';
const LEDGER = 'arn:aws:dynamodb:us-east-1:000000000000:table/ledger';
const OTHER = 'arn:aws:dynamodb:us-east-1:000000000000:table/other';
export const IMAGES = 'arn:aws:s3:::images';
export const OBJECT = `${IMAGES}/a b/c+d.jpg`;

const QueueUrl = 'http://sqs.us-east-1.localhost/000000000000/tasks.fifo';
const onMessage = { QueueUrl, ReceiptHandle: 'x' };
const Entries = [{ Id: '0', MessageBody: 'x', ReceiptHandle: 'x', VisibilityTimeout: 1 }];
const Key = { pk: { S: 'a' } };
const onItem = { TableName: 'ledger', Key };
const keys = { Keys: [Key] };
const puts = [{ PutRequest: { Item: Key } }];
const query = {
  TableName: 'ledger',
  KeyConditionExpression: 'pk = :a',
  ExpressionAttributeValues: { ':a': { S: 'a' } },
};
export const Bucket = 'images';
export const onObject = { Bucket, Key: 'a b/c+d.jpg' };
const onUpload = { ...onObject, UploadId: 'u' };
const tags = { Tagging: { TagSet: [] } };

/** A request of the SDK, and all that it asks for, as `sqs:SendMessage ARN`. */
export type Row = readonly [send: (aws: Aws) => Promise<unknown>, ...asked: readonly string[]];

export const SQS: readonly Row[] = [
  [
    ({ sqs: it }) => it.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
    `sqs:SendMessage ${QUEUE}`,
  ],
  [
    ({ sqs: it }) => it.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries })),
    `sqs:SendMessage ${QUEUE}`,
  ],
  [
    ({ sqs: it }) => it.send(new sqs.ReceiveMessageCommand({ QueueUrl })),
    `sqs:ReceiveMessage ${QUEUE}`,
  ],
  [({ sqs: it }) => it.send(new sqs.DeleteMessageCommand(onMessage)), `sqs:DeleteMessage ${QUEUE}`],
  [
    ({ sqs: it }) => it.send(new sqs.DeleteMessageBatchCommand({ QueueUrl, Entries })),
    `sqs:DeleteMessage ${QUEUE}`,
  ],
  [
    ({ sqs: it }) =>
      it.send(new sqs.ChangeMessageVisibilityCommand({ ...onMessage, VisibilityTimeout: 1 })),
    `sqs:ChangeMessageVisibility ${QUEUE}`,
  ],
  [
    ({ sqs: it }) => it.send(new sqs.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })),
    `sqs:ChangeMessageVisibility ${QUEUE}`,
  ],
  [
    ({ sqs: it }) => it.send(new sqs.GetQueueAttributesCommand({ QueueUrl })),
    `sqs:GetQueueAttributes ${QUEUE}`,
  ],
  [
    ({ sqs: it }) => it.send(new sqs.GetQueueUrlCommand({ QueueName: 'tasks.fifo' })),
    `sqs:GetQueueUrl ${QUEUE}`,
  ],
  [({ sqs: it }) => it.send(new sqs.PurgeQueueCommand({ QueueUrl })), `sqs:PurgeQueue ${QUEUE}`],
  [
    ({ sqs: it }) => it.send(new sqs.ListQueuesCommand({})),
    'sqs:ListQueues arn:aws:sqs:us-east-1:000000000000:*',
  ],
];

export const DYNAMODB: readonly Row[] = [
  [({ dynamo }) => dynamo.send(new dynamodb.GetItemCommand(onItem)), `dynamodb:GetItem ${LEDGER}`],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.PutItemCommand({ TableName: 'ledger', Item: Key })),
    `dynamodb:PutItem ${LEDGER}`,
  ],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.UpdateItemCommand(onItem)),
    `dynamodb:UpdateItem ${LEDGER}`,
  ],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.DeleteItemCommand(onItem)),
    `dynamodb:DeleteItem ${LEDGER}`,
  ],
  [({ dynamo }) => dynamo.send(new dynamodb.QueryCommand(query)), `dynamodb:Query ${LEDGER}`],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.QueryCommand({ ...query, IndexName: 'by-host' })),
    `dynamodb:Query ${LEDGER}/index/by-host`,
  ],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.ScanCommand({ TableName: 'ledger' })),
    `dynamodb:Scan ${LEDGER}`,
  ],
  [
    ({ dynamo }) =>
      dynamo.send(new dynamodb.BatchGetItemCommand({ RequestItems: { ledger: keys } })),
    `dynamodb:BatchGetItem ${LEDGER}`,
  ],
  [
    ({ dynamo }) =>
      dynamo.send(
        new dynamodb.BatchGetItemCommand({ RequestItems: { ledger: keys, other: keys } }),
      ),
    `dynamodb:BatchGetItem ${LEDGER}`,
    `dynamodb:BatchGetItem ${OTHER}`,
  ],
  [
    ({ dynamo }) =>
      dynamo.send(
        new dynamodb.BatchWriteItemCommand({ RequestItems: { other: puts, ledger: puts } }),
      ),
    `dynamodb:BatchWriteItem ${OTHER}`,
    `dynamodb:BatchWriteItem ${LEDGER}`,
  ],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.DescribeTableCommand({ TableName: 'ledger' })),
    `dynamodb:DescribeTable ${LEDGER}`,
  ],
  [
    ({ dynamo }) => dynamo.send(new dynamodb.DeleteTableCommand({ TableName: 'ledger' })),
    `dynamodb:DeleteTable ${LEDGER}`,
  ],
  [({ dynamo }) => dynamo.send(new dynamodb.ListTablesCommand({})), 'dynamodb:ListTables *'],
];

export const S3: readonly Row[] = [
  [({ s3: it }) => it.send(new s3.GetObjectCommand(onObject)), `s3:GetObject ${OBJECT}`],
  [
    ({ s3: it }) =>
      it.send(
        new s3.GetObjectCommand({
          ...onObject,
          Range: 'bytes=1-',
          PartNumber: 1,
          ResponseContentType: 'x',
        }),
      ),
    `s3:GetObject ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.PutObjectCommand({ ...onObject, Body: 'x' })),
    `s3:PutObject ${OBJECT}`,
  ],
  [
    ({ s3: it }) =>
      it.send(new s3.PutObjectCommand({ ...onObject, Tagging: 'a=b', ACL: 'private', Body: 'x' })),
    `s3:PutObject ${OBJECT}`,
    `s3:PutObjectTagging ${OBJECT}`,
    `s3:PutObjectAcl ${OBJECT}`,
  ],
  [
    ({ s3: it }) =>
      it.send(new s3.CopyObjectCommand({ ...onObject, CopySource: '/images/old%20one' })),
    `s3:PutObject ${OBJECT}`,
    `s3:GetObject ${IMAGES}/old one`,
  ],
  [({ s3: it }) => it.send(new s3.DeleteObjectCommand(onObject)), `s3:DeleteObject ${OBJECT}`],
  [
    ({ s3: it }) =>
      it.send(
        new s3.DeleteObjectsCommand({
          Bucket,
          Delete: { Objects: [{ Key: onObject.Key }, { Key: 'another' }] },
        }),
      ),
    `s3:DeleteObject ${OBJECT}`,
    `s3:DeleteObject ${IMAGES}/another`,
  ],
  [
    ({ s3: it }) => it.send(new s3.CreateMultipartUploadCommand(onObject)),
    `s3:PutObject ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.UploadPartCommand({ ...onUpload, PartNumber: 1, Body: 'x' })),
    `s3:PutObject ${OBJECT}`,
  ],
  [
    ({ s3: it }) =>
      it.send(
        new s3.CompleteMultipartUploadCommand({
          ...onUpload,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag: 'x' }] },
        }),
      ),
    `s3:PutObject ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.ListPartsCommand(onUpload)),
    `s3:ListMultipartUploadParts ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.AbortMultipartUploadCommand(onUpload)),
    `s3:AbortMultipartUpload ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.GetObjectTaggingCommand(onObject)),
    `s3:GetObjectTagging ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.PutObjectTaggingCommand({ ...onObject, ...tags })),
    `s3:PutObjectTagging ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.DeleteObjectTaggingCommand(onObject)),
    `s3:DeleteObjectTagging ${OBJECT}`,
  ],
  [
    ({ s3: it }) => it.send(new s3.GetObjectCommand({ ...onObject, VersionId: 'v' })),
    `s3:GetObjectVersion ${OBJECT}`,
  ],
  [
    ({ s3: it }) =>
      it.send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'a', Delimiter: '/', MaxKeys: 2 })),
    `s3:ListBucket ${IMAGES}`,
  ],
  [({ s3: it }) => it.send(new s3.CreateBucketCommand({ Bucket })), `s3:CreateBucket ${IMAGES}`],
  [({ s3: it }) => it.send(new s3.DeleteBucketCommand({ Bucket })), `s3:DeleteBucket ${IMAGES}`],
  [({ s3: it }) => it.send(new s3.ListBucketsCommand({})), 's3:ListAllMyBuckets *'],
];

export const LAMBDA: readonly Row[] = [
  [
    ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName: 'seeder' })),
    'lambda:InvokeFunction arn:aws:lambda:us-east-1:000000000000:function:seeder',
  ],
];

/** Of requests without a body in their answer a client knows the status only. */
export const BODILESS: readonly Row[] = [
  [({ s3: it }) => it.send(new s3.HeadObjectCommand(onObject)), `s3:GetObject ${OBJECT}`],
  [({ s3: it }) => it.send(new s3.HeadBucketCommand({ Bucket })), `s3:ListBucket ${IMAGES}`],
];
