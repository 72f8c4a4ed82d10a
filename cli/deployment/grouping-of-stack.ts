import { readGrouping, type StackOutputs } from '../../contract/stack-outputs.ts';
import type { Grouping } from '../../core/model/host-group.ts';
import { CommandError } from '../command-error.ts';

/** How a stack puts hosts into groups. @throws CommandError where an older version made the stack */
export function groupingOfStack(outputs: StackOutputs): Grouping {
  const grouping = readGrouping(outputs);
  if (grouping !== undefined) return grouping;
  throw new CommandError(
    'the stack was deployed by an older version, which keeps results in another layout: deploy it again',
  );
}
