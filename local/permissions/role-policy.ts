import type { Call } from './call.ts';
import { actionMatcher, glob } from './known-actions.ts';

/** One action on one resource, both as patterns: what a statement allows, taken apart. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

interface Rule {
  readonly action: RegExp;
  readonly resource: RegExp;
}

/** Parts of an ARN; the last one is whatever follows the fifth colon. */
const ARN_PARTS = 6;

/** All that a role may do: what no grant allows is denied. */
export class RolePolicy {
  readonly role: string;
  readonly grants: readonly Grant[];
  readonly #rules: readonly Rule[];

  constructor(role: string, grants: readonly Grant[]) {
    this.role = role;
    this.grants = grants;
    this.#rules = grants.map(({ action, resource }) => {
      return { action: actionMatcher(action), resource: resourceMatcher(resource) };
    });
  }

  allows(call: Call): boolean {
    return this.#rules.some(({ action, resource }) => {
      return action.test(call.action) && resource.test(call.resource);
    });
  }
}

/** What is wrong with a resource of a policy; undefined when it is understood here. */
export function problemOfResource(pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  if (pattern.includes('${')) return `${pattern}: policy variables are not judged here`;
  const [arn, partition = '', service = ''] = pattern.split(':');
  if (arn !== 'arn' || pattern.split(':').length < ARN_PARTS) return `${pattern} is no ARN`;
  const isOdd = /[*?]/.test(partition + service) || service === '';
  return isOdd ? `${pattern}: a wildcard there is not judged here` : undefined;
}

/** A wildcard stays within its part of the ARN, but for the last part. */
function resourceMatcher(pattern: string): RegExp {
  if (pattern === '*') return /^/;
  const parts = pattern.split(':');
  const head = parts.slice(0, ARN_PARTS - 1).map((part) => glob(part, '[^:]'));
  const tail = glob(parts.slice(ARN_PARTS - 1).join(':'), '[^]');
  return new RegExp(`^${[...head, tail].join(':')}$`);
}
