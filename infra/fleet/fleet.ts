import { Validations } from 'aws-cdk-lib';
import { CfnCluster, CfnService } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { grantWork } from '../grant-work.ts';
import type { Settings } from '../settings.ts';
import type { StackParts } from '../stack-parts.ts';
import { workerVariables } from '../worker-variables.ts';
import { networkOf } from './fleet-network.ts';
import { scaleByQueue } from './fleet-scaling.ts';
import { fleetTask } from './fleet-task.ts';

/** What a fleet is wired to. */
export interface FleetProps extends StackParts {
  readonly fleet: NonNullable<Settings['fleet']>;
}

/** The worker as containers that poll the task queue, as many as there is work for: ECS on Fargate. */
export class Fleet extends Construct {
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, parts: FleetProps) {
    super(scope, id);
    const { settings, encryption, queue, fleet } = parts;
    const environment = {
      ...workerVariables(this, parts),
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fleet.memoryMb),
      // A V8 that does not know of a container's limit would take more than there is.
      NODE_OPTIONS: `--max-old-space-size=${Math.floor(fleet.memoryMb / 2)}`,
      MALLOC_TRIM_THRESHOLD_: '131072',
    };
    const { definition, logGroupName } = fleetTask(this, { settings, fleet, environment });
    this.logGroupName = logGroupName;
    const { taskRole } = definition;
    queue.grantReceive(taskRole);
    grantWork(taskRole, parts);
    encryption.grantUse(taskRole);
    const cluster = this.#cluster();
    const service = new CfnService(this, 'Service', {
      cluster: cluster.ref,
      taskDefinition: definition.taskDefinitionArn,
      capacityProviderStrategy: [
        { capacityProvider: fleet.spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 },
      ],
      networkConfiguration: { awsvpcConfiguration: networkOf(this, settings) },
      // A deployment waits for no work: containers come when there is some.
      desiredCount: 0,
      propagateTags: 'SERVICE',
    });
    scaleByQueue(cluster, service, { count: fleet.count, queueName: queue.name });
  }

  #cluster(): CfnCluster {
    const cluster = new CfnCluster(this, 'Cluster', {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'The worker tells its own metrics; those of Container Insights are billed for each task.',
    });
    return cluster;
  }
}
