import type { CreatedObject } from '../functions/object-events.ts';
import { objectEvent } from '../functions/object-events.ts';
import { type EventPattern, matches } from './event-pattern.ts';
import { type Place, resolve } from './intrinsics.ts';
import {
  bucketProperties,
  permissionProperties,
  readProperties,
  ruleProperties,
} from './resource-schemas.ts';
import { type Resource, type Template, UnsupportedTemplateError } from './template.ts';

/** A rule of EventBridge: events of this kind go to these functions, by their ARNs. */
export interface ObjectRule {
  readonly pattern: EventPattern;
  readonly targets: readonly string[];
}

/** What becomes of objects that are put into buckets. */
export interface ObjectRules {
  /** Buckets that tell EventBridge, by their names. */
  readonly buckets: ReadonlySet<string>;
  readonly rules: readonly ObjectRule[];
}

/**
 * The rules of a template for new objects. Those of the clock are read and left aside. @throws
 * UnsupportedTemplateError, also for a rule that its function does not let in: AWS would be silent
 */
export function readObjectRules(template: Template, place: Place): ObjectRules {
  const of = (type: string) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ id, ...placed(id, resource, place) }));
  const admitted = of('AWS::Lambda::Permission').map(({ id, given }) => {
    const { FunctionName, SourceArn } = readProperties(permissionProperties, given, id);
    return `${SourceArn} ${FunctionName}`;
  });
  const rules = of('AWS::Events::Rule').flatMap(({ id, given, arn }) => {
    const { EventPattern, Targets } = readProperties(ruleProperties, given, id);
    const targets = Targets.map(({ Arn }) => Arn);
    const closed = targets.find((target) => !admitted.includes(`${arn} ${target}`));
    if (closed !== undefined)
      throw new UnsupportedTemplateError(`${closed} does not let the rule ${id} in`);
    return EventPattern === undefined ? [] : [{ pattern: EventPattern, targets }];
  });
  const telling = of('AWS::S3::Bucket').filter(({ id, given }) => {
    return readProperties(bucketProperties, given, id).NotificationConfiguration !== undefined;
  });
  return { rules, buckets: new Set(telling.map(({ ref }) => ref)) };
}

function placed(id: string, { Properties }: Resource, place: Place) {
  const made = place.resources.get(id);
  const arn = String(made?.attributes['Arn'] ?? '');
  return { given: resolve(Properties, place), arn, ref: made?.ref ?? id };
}

/** The events that a new object is, with the functions that they go to, by their ARNs. */
export function eventsOf(
  object: CreatedObject,
  { buckets, rules }: ObjectRules,
  nowMs: number,
): readonly { readonly target: string; readonly event: unknown }[] {
  if (!buckets.has(object.bucket)) return [];
  const event = objectEvent(object, nowMs);
  return rules
    .filter(({ pattern }) => matches(pattern, event))
    .flatMap(({ targets }) => targets.map((target) => ({ target, event })));
}
