import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Where alarms are told, and from where they reach people: the e-mail address of the settings. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { alarmEmail }: Settings) {
    super(scope, id);
    // A key of its own: alarms are silently lost in a topic whose key does not let CloudWatch in,
    // and the key that AWS keeps for SNS does not.
    const key = new Key(this, 'Key', {
      enableKeyRotation: true,
      description: 'Alarms of the image crawler',
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    key.addToResourcePolicy(this.#allowAlarms(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
    // With a policy of its own a topic forgets that its account may publish.
    this.topic.addToResourcePolicy(this.#allowAlarms(['sns:Publish'], this.topic.topicArn));
    if (alarmEmail !== null) this.topic.addSubscription(new EmailSubscription(alarmEmail));
  }

  /** For the alarms of this account and region, and for nobody in whose name CloudWatch may be asked. */
  #allowAlarms(actions: string[], resource: string): PolicyStatement {
    const stack = Stack.of(this);
    const alarms = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': alarms },
      },
    });
  }
}
