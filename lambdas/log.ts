/** One line of structured log: what CloudWatch Logs Insights reads as fields. */
export function log(
  level: 'info' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}
