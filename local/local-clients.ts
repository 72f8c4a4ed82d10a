/** The operator's identity, of no account: emulators let it do all, and no real AWS knows it. */
export const LOCAL_IDENTITY = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** The account that emulators use. */
export const LOCAL_ACCOUNT = '000000000000';

/** The identity of a function of the stack: requests under it are judged by its role. */
export function identityOf(functionName: string) {
  const credentials = { ...LOCAL_IDENTITY.credentials, accessKeyId: functionName };
  return { ...LOCAL_IDENTITY, credentials };
}
