/** LevelDB's code for what the system refused; the message holds the file and the reason. */
const CODE = 'LEVEL_IO_ERROR';

/**
 * Hears when the disk does not take what a ledger of this machine writes, until it is disposed of.
 * Nothing more is taken after that until the ledger is opened anew, and requests that wait for it
 * are never answered: the process has to end at once. What was settled is kept.
 */
export function watchLedger(onFault: (problem: string) => void): Disposable {
  const hear = (error: unknown) => {
    if (!isFault(error)) throw error;
    onFault(error.message.replace(/^IO error: /, ''));
  };
  process.on('uncaughtException', hear);
  return { [Symbol.dispose]: () => void process.off('uncaughtException', hear) };
}

function isFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === CODE;
}
