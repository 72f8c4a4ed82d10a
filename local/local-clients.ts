/** Credentials of no account: an emulator takes any, and nothing of ours may reach a real one. */
export const LOCAL_IDENTITY = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** The account that emulators use. */
export const LOCAL_ACCOUNT = '000000000000';
