/**
 * Makes the attempts one after the other: the next one begins when one before it failed, or when
 * none has succeeded after `delayMs` more, and those before go on. Resolves as the first that
 * succeeds; rejects as the first that failed, once all have.
 */
export function firstSuccess<T>(
  attempts: readonly (() => Promise<T>)[],
  delayMs: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let begun = 0;
    let failed = 0;
    let firstError: unknown;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      begun = attempts.length;
      settle();
    };
    const begin = () => {
      clearTimeout(timer);
      const attempt = attempts[begun];
      if (attempt === undefined) return;
      begun += 1;
      if (begun < attempts.length) timer = setTimeout(begin, delayMs);
      attempt().then(
        (value) => end(() => resolve(value)),
        (error) => {
          if (failed === 0) firstError = error;
          failed += 1;
          if (failed === attempts.length) end(() => reject(firstError));
          else begin();
        },
      );
    };
    begin();
  });
}
