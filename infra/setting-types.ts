import { z } from 'zod';

/** A whole number in its bounds. */
export const whole = (least: number, most: number) => z.int().min(least).max(most);

/** A name that CloudFormation takes for a stack. */
export const stackName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'expected letters, digits and hyphens, a letter first');

/** The value of a tag; AWS takes no other signs. */
export const tagValue = z
  .string()
  .max(256)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'expected letters, digits, spaces and _.:/=+-@');

/** A key of KMS. */
export const keyArn = z
  .string()
  .regex(
    /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/,
    'expected "aws", "own" or a key’s ARN',
  );

/** A secret of Secrets Manager in the region of the stack, by its name or its whole ARN. */
export const secretId = z
  .string()
  .regex(
    /^(arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}|[\w/+=.@-]{1,512})$/,
    'expected the name or the ARN of a secret',
  );

/** A certificate of ACM that CloudFront may use: it takes those of one region only. */
export const certificateArn = z
  .string()
  .regex(
    /^arn:[a-z-]+:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
    'expected the ARN of a certificate in us-east-1',
  );

/** A host by its name alone, as URLs have it: `example.com`. */
export const hostName = z.string().transform((text, context) => {
  const url = URL.parse(`http://${text}/`);
  const isBare = /^([^\s/\\@?#*:[\]]+|\[[\da-f:.]+\])$/i.test(text);
  if (url !== null && isBare) return url.hostname.replace(/\.$/, '');
  context.addIssue({ code: 'custom', message: `expected the name of a host, received "${text}"` });
  return z.NEVER;
});

/** A package of npm. */
export const packageName = z
  .string()
  .regex(/^(@[a-z0-9][\w.-]{0,100}\/)?[a-z0-9][\w.-]{0,100}$/, 'expected the name of a package');

/** A list that is crawled again and again. */
export const scheduledList = z.strictObject({
  list: z.string().regex(/^lists\/[\w!.*'()/-]{1,500}$/, 'expected a key below lists/'),
  every: z
    .string()
    .regex(
      /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\([^()]{9,80}\))$/,
      'expected rate(1 day) or cron(0 3 * * ? *)',
    ),
  /** What was kept within so many hours is not asked for again. */
  maxAgeHours: whole(0, 87_600).optional(),
});

/** Memory that Fargate has for each number of processors, in GB: from, to, and in which steps. */
const FARGATE_GB: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  0.5: [1, 4, 1],
  1: [2, 8, 1],
  2: [4, 16, 1],
};

/** Containers of ECS on Fargate. */
export const fleetSetting = z
  .strictObject({
    vcpu: z.literal([0.5, 1, 2]).default(1),
    memoryMb: z.int().default(2048),
    count: whole(1, 1000),
    spot: z.boolean().default(true),
  })
  .refine(({ vcpu, memoryMb }) => isOfFargate(vcpu, memoryMb / 1024), {
    path: ['memoryMb'],
    error: 'Fargate has no such memory for so many processors',
  });

function isOfFargate(vcpu: number, gb: number): boolean {
  const [from, to, step] = FARGATE_GB[vcpu] ?? [0, 0, 1];
  return gb >= from && gb <= to && gb % step === 0;
}
