import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { CrawlerStack } from '../../infra/crawler-stack.ts';
import { readSettings } from '../../infra/settings.ts';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      DeletionPolicy: z.string().optional(),
    }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
});

/** A resource of the template. */
export type SynthesisedResource = z.output<typeof template>['Resources'][string];

/** The stack as CloudFormation gets it. */
export interface Synthesised {
  readonly resources: Readonly<Record<string, SynthesisedResource>>;
  readonly outputs: readonly string[];
  /** The one resource of a type whose logical id begins so. */
  find(type: string, idPrefix?: string): SynthesisedResource;
  /** The resources of a type, by logical id. */
  all(type: string): readonly (readonly [string, SynthesisedResource])[];
}

/** Synthesises the stack under a context, without bundling its functions. */
export function synthesised(context: Readonly<Record<string, unknown>> = {}): Synthesised {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const settings = readSettings(app.node);
  const stack = new CrawlerStack(app, settings.stackName, settings);
  const { Resources, Outputs } = template.parse(Template.fromStack(stack).toJSON());
  const all = (type: string) => Object.entries(Resources).filter(([, one]) => one.Type === type);
  const find = (type: string, idPrefix = '') => {
    const found = all(type).filter(([id]) => id.startsWith(idPrefix));
    const [only] = found;
    if (found.length !== 1 || only === undefined) {
      throw new Error(`expected one ${type} ${idPrefix}, found ${found.length}`);
    }
    return only[1];
  };
  return { resources: Resources, outputs: Object.keys(Outputs), find, all };
}

/** The function of each folder of `lambdas/`, by what its logical id begins with. */
export const FUNCTIONS = {
  seeder: 'SeederSeedFunction',
  worker: 'WorkerCrawlFunction',
  deferral: 'DeferralSendBackFunction',
  'dead-letter': 'DeadLetterDismantleFunction',
  finisher: 'FinisherFinishFunction',
} as const;
