import * as z from 'zod';

const matcher = z.union([z.string(), z.strictObject({ prefix: z.string() })]);

/** A pattern of EventBridge as far as it is matched here. Strict: any other condition is an error. */
export const eventPattern: z.ZodType<EventPattern> = z.lazy(() =>
  z.record(z.string(), z.union([z.array(matcher), eventPattern])),
);

/** What each field of an event must be: one of these values, or an object of such fields. */
export interface EventPattern {
  readonly [field: string]: readonly z.output<typeof matcher>[] | EventPattern;
}

/** Whether an event has all that a pattern asks for. */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = fieldOf(event, field);
    if (!isList(wanted)) return matches(wanted, value);
    return wanted.some((one) => {
      if (typeof one === 'string') return one === value;
      return typeof value === 'string' && value.startsWith(one.prefix);
    });
  });
}

function isList(wanted: EventPattern[string]): wanted is readonly z.output<typeof matcher>[] {
  return Array.isArray(wanted);
}

function fieldOf(event: unknown, field: string): unknown {
  return typeof event === 'object' && event !== null ? Reflect.get(event, field) : undefined;
}
