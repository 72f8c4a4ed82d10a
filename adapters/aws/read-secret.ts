import type { Connection } from './clients.ts';

/**
 * The text of a secret of Secrets Manager, by its name or ARN. Rejects when it is not there, is not
 * granted, or is not text. Its client is loaded here, so that only those who have a secret pay for it.
 */
export async function readSecret(id: string, connection: Connection = {}): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import(
    '@aws-sdk/client-secrets-manager'
  );
  const client = new SecretsManagerClient(connection);
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    if (SecretString === undefined) throw new Error(`the secret ${id} is not text`);
    return SecretString;
  } finally {
    client.destroy();
  }
}
