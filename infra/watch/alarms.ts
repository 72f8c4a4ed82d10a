import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { alarmSpecs } from './alarm-specs.ts';
import { AlarmTopic } from './alarm-topic.ts';
import type { WatchedParts } from './metrics.ts';

/** What wakes a person: every alarm says what it means and where to read what to do. */
export class Alarms extends Construct {
  readonly all: readonly IAlarm[];

  constructor(scope: Construct, id: string, parts: WatchedParts, settings: Settings) {
    super(scope, id);
    const { topic } = new AlarmTopic(this, 'Topic', settings);
    this.all = Object.entries(alarmSpecs(parts, settings)).map(([name, spec]) => {
      const { heading, about, metric, threshold, datapoints, periods } = spec;
      const alarm = new Alarm(this, name, {
        metric,
        threshold,
        datapointsToAlarm: datapoints,
        evaluationPeriods: periods,
        alarmName: `${parts.stack}-${name}`,
        alarmDescription: `${about} What to do: ${settings.runbookUrl}#${anchorOf(heading)}`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // A crawler that has nothing to do has no metrics, and nothing to be woken for.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      return alarm;
    });
  }
}

/** The address of a heading inside a page, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-');
}
