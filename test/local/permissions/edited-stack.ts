import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { synthesise } from '../../../local/template/synthesis.ts';
import { type Assembly, type Resource, readAssembly } from '../../../local/template/template.ts';

/** Name of the stack in the CDK app. */
export const STACK = 'ImageCrawler';

const POLICY = 'AWS::IAM::Policy';

type Edit = (id: string, resource: Resource) => Resource;

/** The stack as it is synthesised. */
export async function readStack(): Promise<Assembly> {
  return readAssembly(await synthesise(() => {}), STACK);
}

/** The stack with each of its resources edited. */
export function edited(assembly: Assembly, edit: Edit): Assembly {
  const { template } = assembly;
  const entries = Object.entries(template.Resources).map(([id, one]) => [id, edit(id, one)]);
  return { ...assembly, template: { ...template, Resources: Object.fromEntries(entries) } };
}

const functionCode = z.object({ Code: z.object({ S3Key: z.string() }) });
const functionVariables = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** The stack with one more variable in a function's environment. */
export function withVariable(assembly: Assembly, idPrefix: string, name: string, value: string) {
  return edited(assembly, (id, resource) => {
    if (resource.Type !== 'AWS::Lambda::Function' || !id.startsWith(idPrefix)) return resource;
    const { Variables } = functionVariables.parse(resource.Properties).Environment;
    const Environment = { Variables: { ...Variables, [name]: value } };
    return { ...resource, Properties: { ...resource.Properties, Environment } };
  });
}

/** The stack with a function that is wrapped: `wrap` gets the path of the real module, in the same asset. */
export async function withWrapped(
  assembly: Assembly,
  idPrefix: string,
  folder: string,
  wrap: (module: string) => string,
): Promise<Assembly> {
  const { Resources } = assembly.template;
  const found = Object.entries(Resources).find(([id, { Type }]) => {
    return Type === 'AWS::Lambda::Function' && id.startsWith(idPrefix);
  });
  const key = functionCode.parse(found?.[1].Properties).Code.S3Key;
  const asset = await mkdtemp(join(folder, 'asset-'));
  const module = join(asset, 'wrapped.mjs');
  await copyFile(join(assembly.assets.get(key) ?? '', 'index.mjs'), module);
  await writeFile(join(asset, 'index.mjs'), wrap(module));
  return { ...assembly, assets: new Map([...assembly.assets, [key, asset]]) };
}

const policyProperties = z.object({
  Roles: z.array(z.object({ Ref: z.string() })).default([]),
  PolicyDocument: z.object({
    Statement: z.array(
      z
        .object({
          Action: z.union([z.string(), z.array(z.string())]),
          Resource: z.unknown(),
        })
        .loose(),
    ),
  }),
});

/** The stack with an action taken from the policies whose id begins so. */
export function withoutAction(assembly: Assembly, idPrefix: string, action: string): Assembly {
  return edited(assembly, (id, resource) => {
    if (resource.Type !== POLICY || !id.startsWith(idPrefix)) return resource;
    const { Statement } = policyProperties.parse(resource.Properties).PolicyDocument;
    const rest = Statement.flatMap(({ Action, ...statement }) => {
      const left = [Action].flat().filter((one) => one !== action);
      return left.length === 0 ? [] : [{ ...statement, Action: left }];
    });
    const PolicyDocument = { Statement: rest, Version: '2012-10-17' };
    return { ...resource, Properties: { ...resource.Properties, PolicyDocument } };
  });
}

/**
 * What the template grants: role (its logical id without the hash), action, and which objects of a
 * bucket, as `/seeds/*`, where it is such.
 */
export function grantedActions({ template }: Assembly) {
  const policies = Object.values(template.Resources).filter(({ Type }) => Type === POLICY);
  return policies.flatMap(({ Properties }) => {
    const { Roles, PolicyDocument } = policyProperties.parse(Properties);
    const grants = PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((one) => [action, objectsOf(one)] as const)),
    );
    return Roles.flatMap(({ Ref }) => grants.map((grant) => [withoutHash(Ref), ...grant] as const));
  });
}

function objectsOf(resource: unknown): string {
  return /"(\/[^"]*\*)"/.exec(JSON.stringify(resource))?.[1] ?? '';
}

/** `WorkerCrawlRole8D0A08CE`, or the name it gets here, as `WorkerCrawlRole`. */
export function withoutHash(name: string): string {
  return name.replace(/^.*-/, '').replace(/[0-9A-F]{8}$/, '');
}
