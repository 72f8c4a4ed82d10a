/** What a request asks of IAM: an action on a resource. A request can ask for several. */
export interface Call {
  /** `sqs:SendMessage` */
  readonly action: string;
  /** An ARN, or `*` where AWS knows no narrower resource. */
  readonly resource: string;
}

/** A field of a request body that should be a text; empty when it is not. */
export function textOf(body: unknown, name: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}
