import { z } from 'zod';
import { whole } from './setting-types.ts';

const days = whole(0, 3650).default(0);

/** SQS keeps a task for 14 days: a run that is shorter loses nothing that it needs. */
const LEAST_RESULT_DAYS = 15;

/** Settings of what a deployment may cost, and of what it keeps for how long. */
export const costSettings = {
  imageRetentionDays: days.describe('Days that images are kept; 0 for ever.'),
  listRetentionDays: days.describe(
    'Days that seed lists are kept; 0 for ever. A run can be resumed as long as its lists are there.',
  ),
  resultRetentionDays: whole(0, 3650)
    .refine(
      (days) => days === 0 || days >= LEAST_RESULT_DAYS,
      `expected 0, or ${LEAST_RESULT_DAYS} days at least`,
    )
    .default(0)
    .describe(
      'Days that runs and their results are kept, from the start of each run; 15 at least, 0 for ever.',
    ),
  maxRunCost: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe(
      'US dollars of estimated cost at which a run stops, to be resumed, where it has no `--max-cost`; 0 for no ceiling.',
    ),
  costAlarmPerHour: z
    .number()
    .min(0)
    .max(100_000)
    .default(5)
    .describe('US dollars of estimated cost in an hour at which an alarm says so; 0 for no alarm.'),
  budget: z
    .strictObject({
      dollars: z.number().min(1).max(10_000_000),
      email: z.email(),
      scope: z.enum(['account', 'stack']).default('account'),
    })
    .nullable()
    .default(null)
    .describe(
      'A budget of AWS: `email` is told when 80 and 100 % of so many `dollars` a month are spent, and when they will be; `scope` is `account` or `stack`.',
    ),
  reservedConcurrency: whole(0, 100)
    .default(0)
    .describe(
      'Executions that are reserved for the seeder, and as many for the dead-letter function; 0 for none, which a new account needs.',
    ),
};
