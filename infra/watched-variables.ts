import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Variables, watchedEnvironment } from '../contract/environment.ts';
import type { Settings } from './settings.ts';

/** What tells a function how it is watched. */
export function watchedVariables(
  scope: Construct,
  { debugSampleRate }: Settings,
): Variables<typeof watchedEnvironment> {
  return {
    STACK_NAME: Stack.of(scope).stackName,
    DEBUG_SAMPLE_RATE: String(debugSampleRate),
  };
}
