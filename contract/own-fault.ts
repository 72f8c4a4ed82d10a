/** What a thrown error says of itself, as far as it is told to people. */
export interface ThrownFacts {
  readonly name: string;
  readonly message: string;
  /** File and line where it was thrown. */
  readonly location?: string;
  /** Code of Node, as `ECONNREFUSED`. */
  readonly code?: string;
  /** What the SDK adds to answers of AWS. */
  readonly $metadata?: unknown;
}

/** Names of errors that come of a service that refuses, or of something that takes too long. */
const OF_SERVICE =
  /(Exception|Throttl.*|^TimeoutError|^AbortError|^BatchIncompleteError|^LeaseOverError)$/;
/** The packages that speak with services. */
const SPEAKERS = /node_modules\/(@aws-sdk|@smithy|@aws)\//;
/** Codes of Node for a server that cannot be reached. */
const UNREACHABLE = /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EHOST|ENET|EAI_)/;
/** The first place that a stack names. */
const PLACE = /((?:\/|file:)[^\s()]+:\d+):\d+/;

/** Whether a service of AWS, or what stands for it, refused or did not answer: it may come back. */
export function isOfService({ name, code = '', location = '', $metadata }: ThrownFacts): boolean {
  if ($metadata !== undefined || UNREACHABLE.test(code)) return true;
  return OF_SERVICE.test(name) || SPEAKERS.test(location);
}

/** The facts of whatever was thrown. */
export function factsOf(error: Error): ThrownFacts {
  const { name, message, stack = '' } = error;
  const code = 'code' in error ? String(error.code) : undefined;
  const $metadata = '$metadata' in error ? error.$metadata : undefined;
  // The message comes first in a stack, and may name places too.
  const frames = stack.slice(stack.indexOf('\n    at ') + 1);
  return { name, message, location: PLACE.exec(frames)?.[1], code, $metadata };
}
