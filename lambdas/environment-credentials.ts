/**
 * In place of the SDK's chain of credential providers: Lambda gives a function its credentials in
 * its environment, always. The others (profiles, SSO, metadata services) are 120 kB of every start.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
