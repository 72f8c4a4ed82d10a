import { expect, it } from 'vitest';
import { RolePolicy } from '../../../local/permissions/role-policy.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:tasks.fifo';
const BUCKET = 'arn:aws:s3:::images';

/** Whether a grant of action and resource allows a call of action and resource. */
const CASES: readonly (readonly [allowed: boolean, grant: string, call: string])[] = [
  [true, `sqs:SendMessage ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [true, `SQS:sendmessage ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [true, `sqs:* ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [true, `sqs:Send* ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [true, `sqs:*Message ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [true, `sqs:Send?essage ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [true, '* *', `sqs:SendMessage ${QUEUE}`],
  [true, 'sqs:SendMessage *', `sqs:SendMessage ${QUEUE}`],
  [true, 'sqs:SendMessage arn:aws:sqs:*:*:tasks.*', `sqs:SendMessage ${QUEUE}`],
  [true, `s3:GetObject ${BUCKET}/*`, `s3:GetObject ${BUCKET}/a/b c:d\n`],
  [true, `s3:GetObject ${BUCKET}/seeds/*`, `s3:GetObject ${BUCKET}/seeds/`],
  [true, `s3:GetObject ${BUCKET}/?.jpg`, `s3:GetObject ${BUCKET}/a.jpg`],
  [false, `sqs:Send ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [false, `sqs:SendMessageBatch ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [false, `sqs:Send?Message ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [false, `s3:* ${QUEUE}`, `sqs:SendMessage ${QUEUE}`],
  [
    false,
    `sqs:SendMessage ${QUEUE}`,
    'sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:Tasks.fifo',
  ],
  [
    false,
    `sqs:SendMessage ${QUEUE}`,
    'sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:tasksxfifo',
  ],
  [
    false,
    `sqs:SendMessage ${QUEUE}`,
    'sqs:SendMessage arn:aws:sqs:eu-west-1:000000000000:tasks.fifo',
  ],
  [false, `sqs:SendMessage ${QUEUE}`, 'sqs:SendMessage *'],
  [false, `s3:GetObject ${BUCKET}`, `s3:GetObject ${BUCKET}/a`],
  [false, `s3:ListBucket ${BUCKET}/*`, `s3:ListBucket ${BUCKET}`],
  [false, `s3:GetObject ${BUCKET}/seeds/*`, `s3:GetObject ${BUCKET}/images/seeds/a`],
  // A wildcard does not reach over a colon into the next part.
  [false, 'sqs:SendMessage arn:aws:sqs:*:tasks.fifo', `sqs:SendMessage ${QUEUE}`],
  [false, 'sqs:SendMessage arn:aws:sqs:us-*:tasks.fifo:x', `sqs:SendMessage ${QUEUE}`],
];

const split = (text: string) => {
  const [action = '', resource = ''] = text.split(/ (.*)/s);
  return { action, resource };
};

it.each(CASES)('%s: %s for %j', (allowed, grant, call) => {
  expect(new RolePolicy('Role', [split(grant)]).allows(split(call))).toBe(allowed);
});

it('is allowed what any one grant allows, and never by two halves', () => {
  const policy = new RolePolicy('Role', [
    { action: 'sqs:SendMessage', resource: `${QUEUE}1` },
    { action: 'sqs:ReceiveMessage', resource: `${QUEUE}2` },
  ]);
  expect(policy.allows({ action: 'sqs:ReceiveMessage', resource: `${QUEUE}2` })).toBe(true);
  expect(policy.allows({ action: 'sqs:SendMessage', resource: `${QUEUE}2` })).toBe(false);
  expect(new RolePolicy('Role', []).allows({ action: 'sqs:SendMessage', resource: '*' })).toBe(
    false,
  );
});
