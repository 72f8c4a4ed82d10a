import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeadLetter } from '../dead-letter.ts';
import type { Deferral } from '../deferral.ts';
import type { Finisher } from '../finisher.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Seeder } from '../seeder.ts';
import type { StackParts } from '../stack-parts.ts';
import type { Worker } from '../worker.ts';
import { Alarms } from './alarms.ts';
import { Dashboard } from './dashboard.ts';
import { MonthlyBudget } from './monthly-budget.ts';

/** What is watched: the stack with its functions, and its containers. */
export interface WatchProps extends StackParts {
  readonly seeder: Seeder;
  readonly worker: Worker;
  readonly deferral: Deferral;
  readonly deadLetter: DeadLetter;
  readonly finisher: Finisher;
  readonly fleet: Fleet | undefined;
}

/** What tells people how the crawler is: a dashboard to look at, and alarms that come by themselves. */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { settings, queue, deferred, table } = props;
    const { seeder, worker, deferral, deadLetter, finisher, fleet } = props;
    const parts = {
      stack: Stack.of(this).stackName,
      taskQueue: queue.name,
      deferred: deferred.name,
      deadLetters: queue.deadLetterName,
      deferredDeadLetters: deferred.deadLetterName,
      seederFailures: seeder.failuresName,
      table: table.tableName,
      functions: [
        { label: 'seeder', name: seeder.functionName },
        { label: 'worker', name: worker.functionName },
        { label: 'deferral', name: deferral.functionName },
        { label: 'dead-letter', name: deadLetter.functionName },
        { label: 'finisher', name: finisher.functionName },
      ],
      worker: worker.functionName,
      logs: [seeder, worker, deferral, deadLetter, finisher, fleet].flatMap(
        (logging) => logging?.logGroupName ?? [],
      ),
    };
    const alarms = new Alarms(this, 'Alarms', parts, settings);
    new Dashboard(this, 'Dashboard', parts, alarms.all);
    if (settings.budget !== null) new MonthlyBudget(this, 'Budget', settings.budget);
  }
}
