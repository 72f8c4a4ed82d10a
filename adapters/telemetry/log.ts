/** What a line says besides its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A structured log: one JSON object a line, without what a URL may hold in secret. */
export interface Log {
  /** Whether lines of `debug` are written: only in the invocations that the sample takes. */
  readonly isDebug: boolean;
  debug(message: string, fields: LogFields): void;
  info(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}
