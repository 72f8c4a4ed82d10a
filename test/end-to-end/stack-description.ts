import { createServer } from 'node:http';
import { listen } from '../../local/emulators/emulators.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** The one question that the command has for CloudFormation, answered for one stack. */
export async function describeStacksOf(name: string, outputs: Readonly<Record<string, string>>) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = new URLSearchParams(Buffer.concat(chunks).toString());
      const isAllowed = request.headers.authorization?.includes('Credential=stranger') !== true;
      response.setHeader('content-type', 'text/xml');
      if (asked.get('Action') === 'DescribeStacks' && asked.get('StackName') === name && isAllowed)
        return response.end(description(name, outputs));
      response.statusCode = isAllowed ? 400 : 403;
      return response.end(isAllowed ? missing(asked.get('StackName') ?? '') : DENIED);
    });
  });
  const url = await listen(server);
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
}

function description(name: string, outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(([key, value]) => {
    return `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;
  });
  const stack =
    `<StackName>${name}</StackName><CreationTime>2026-11-25T00:00:00Z</CreationTime>` +
    `<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs>`;
  const result = `<Stacks><member>${stack}</member></Stacks>`;
  return `<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult>${result}</DescribeStacksResult></DescribeStacksResponse>`;
}

function missing(name: string): string {
  return failure('ValidationError', `Stack with id ${name} does not exist`);
}

const DENIED = failure(
  'AccessDenied',
  'User: arn:aws:iam::000000000000:user/stranger is not authorized to perform: ' +
    'cloudformation:DescribeStacks on resource: arn:aws:cloudformation:us-east-1:000000000000:stack/Deployed/* ' +
    'because no identity-based policy allows the cloudformation:DescribeStacks action',
);

function failure(code: string, message: string): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return `<ErrorResponse xmlns="${NAMESPACE}">${error}</ErrorResponse>`;
}
