import { eventsOf, type ObjectRules } from '../template/object-rules.ts';
import type { LocalFunction } from './local-function.ts';
import type { CreatedObject } from './object-events.ts';

/** What EventBridge does: invokes the functions that rules of the stack name for a new object. */
export function deliverObjects(
  rules: ObjectRules,
  functions: ReadonlyMap<string, LocalFunction>,
  onDeath: (name: string, error: string) => void,
): (object: CreatedObject) => void {
  return (object) => {
    for (const { target, event } of eventsOf(object, rules, Date.now())) {
      const name = target.slice(target.lastIndexOf(':') + 1);
      void functions
        .get(name)
        ?.invokeAsync(event)
        .then((end) => {
          if (end.kind !== 'returned') onDeath(name, end.error);
        });
    }
  };
}
