import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Shares of a budget, in percent: of what was spent, and of what AWS expects of the whole month. */
const NOTICES = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/** What AWS bills, not what is estimated: some hours late, and with everything that is in no estimate. */
export class MonthlyBudget extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { dollars, email, scope: extent }: NonNullable<Settings['budget']>,
  ) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    // The tag is AWS's own; an owner activates it once, among the cost allocation tags of the account.
    const ofStack = { TagKeyValue: [`aws:cloudformation:stack-name$${stackName}`] };
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${stackName} a month`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: dollars, unit: 'USD' },
        costFilters: extent === 'stack' ? ofStack : undefined,
      },
      notificationsWithSubscribers: NOTICES.map((notice) => ({
        notification: {
          ...notice,
          thresholdType: 'PERCENTAGE',
          comparisonOperator: 'GREATER_THAN',
        },
        subscribers: [{ subscriptionType: 'EMAIL', address: email }],
      })),
    });
  }
}
