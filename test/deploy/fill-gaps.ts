import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const template = z
  .object({
    Resources: z.record(
      z.string(),
      z
        .object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) })
        .loose(),
    ),
  })
  .loose();

/** A template as it is deployed. */
export type DeployedTemplate = z.output<typeof template>;

/** What moto's CloudFormation lacks, and what is done about it. Everything else is deployed as it is. */
const GAPS: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'gives FIFO queues names without .fifo: they are named',
  'AWS::CloudWatch::Dashboard': 'does not know the ARN of an alarm, which it shows: it is left out',
};

/** Rewrites the template of an assembly; gives it, and what was done. */
export async function fillGaps(assembly: string, stackName: string) {
  const path = join(assembly, `${stackName}.template.json`);
  const whole = template.parse(JSON.parse(await readFile(path, 'utf8')));
  const entries = Object.entries(whole.Resources).flatMap(([id, resource]) => {
    if (resource.Type === 'AWS::CloudWatch::Dashboard') return [];
    if (resource.Type !== 'AWS::SQS::Queue') return [[id, resource] as const];
    if (resource.Properties['FifoQueue'] !== true) return [[id, resource] as const];
    const Properties = { ...resource.Properties, QueueName: `${stackName}-${id}.fifo` };
    return [[id, { ...resource, Properties }] as const];
  });
  const filled: DeployedTemplate = { ...whole, Resources: Object.fromEntries(entries) };
  await writeFile(path, JSON.stringify(filled));
  const done = Object.entries(GAPS).map(([type, gap]) => `${type}: moto ${gap}`);
  return { template: filled, done };
}
