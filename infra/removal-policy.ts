import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';

/** What becomes of what is kept, when the stack is destroyed. */
export function removalPolicyOf({ removalPolicy }: Pick<Settings, 'removalPolicy'>): RemovalPolicy {
  return removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
