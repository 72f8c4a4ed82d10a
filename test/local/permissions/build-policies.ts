import { createDynamo, createS3, createSqs } from '../../../adapters/aws/clients.ts';
import { buildStack } from '../../../local/built-stack.ts';
import { startEmulators } from '../../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../../local/local-clients.ts';
import type { RolePolicy } from '../../../local/permissions/role-policy.ts';
import type { Assembly } from '../../../local/template/template.ts';
import { STACK } from './edited-stack.ts';

/** The policies of a stack's functions, under the names that its resources get when it runs. */
export async function buildPolicies(
  assembly: Assembly,
  folder: string,
): Promise<readonly RolePolicy[]> {
  const emulators = await startEmulators(folder);
  const at = { ...LOCAL_IDENTITY, endpoint: emulators.url };
  const dynamo = createDynamo(at);
  const clients = { sqs: createSqs(at), s3: createS3(at), dynamo };
  try {
    const { functions } = await buildStack(assembly, STACK, clients);
    return functions.map(({ policy }) => policy);
  } finally {
    for (const client of Object.values(clients)) client.destroy();
    await emulators.close();
  }
}
