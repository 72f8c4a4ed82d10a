/** AWS does not let the person do what the command needs. */
export class DeniedError extends Error {
  override readonly name = 'DeniedError';
}

/** Where the SDK puts `tellDenials` in the way of a request. */
export const DENIALS = { step: 'initialize', name: 'denials' } as const;

/** Makes a client of the SDK say which permission is missing: S3 says only that access is denied. */
export function tellDenials<Args extends { readonly input: object }, Output>(
  next: (args: Args) => Promise<Output>,
  { clientName = '', commandName = '' }: { clientName?: string; commandName?: string },
): (args: Args) => Promise<Output> {
  return async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw isDenial(error) ? denied(error, wantedBy(clientName, commandName, args.input)) : error;
    }
  };
}

interface Wanted {
  readonly action: string;
  readonly resource: string;
}

function isDenial(error: unknown): error is Error {
  return error instanceof Error && /^AccessDenied(Exception)?$/.test(error.name);
}

/** In AWS's own words where it has them: who asked, for what, and which kind of policy refused. */
const WORDS = /User: (\S+) is not authorized to perform: (\S+) on resource: "?([^\s"]+)"?(.*)/s;

function denied(error: Error, wanted: Wanted): DeniedError {
  const [, user, action = wanted.action, resource = wanted.resource, rest = ''] =
    WORDS.exec(error.message) ?? [];
  const who = user === undefined ? '' : ` to ${user}`;
  const why = /because ([^\n]+)/.exec(rest)?.[1];
  const because = why === undefined ? '' : ` (${why.trim()})`;
  return new DeniedError(`AWS denies ${action} on ${resource}${who}${because}`, { cause: error });
}

/** Operations that are authorised under another name. */
const AUTHORISED_AS: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  Invoke: 'InvokeFunction',
};

/** What a command asks of IAM. */
function wantedBy(clientName: string, commandName: string, input: object): Wanted {
  const service = clientName
    .replace(/Client$/, '')
    .replace(/DB$/, 'db')
    .toLowerCase();
  const operation = commandName.replace(/Command$/, '');
  return {
    action: `${service}:${AUTHORISED_AS[operation] ?? operation}`,
    resource: resourceOf(input),
  };
}

function resourceOf(input: object): string {
  const given: Readonly<Record<string, unknown>> = { ...input };
  const { Bucket, Key, TableName, QueueUrl, FunctionName, StackName } = given;
  if (typeof Bucket === 'string')
    return `arn:aws:s3:::${Bucket}${typeof Key === 'string' ? `/${Key}` : ''}`;
  const named = [TableName, QueueUrl, FunctionName, StackName].find((it) => typeof it === 'string');
  return String(named ?? '*');
}
