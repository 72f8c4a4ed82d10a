/** An error that a service answers with, in the form of its protocol. */
export class AwsError extends Error {
  override readonly name: string;
  /** HTTP status. */
  readonly status: number;
  /** Further fields of the answer. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    name: string,
    message: string,
    status = 400,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = name;
    this.status = status;
    this.details = details;
  }
}
