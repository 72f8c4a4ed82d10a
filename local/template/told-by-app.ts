/** The first line of an error of esbuild; its place and the line of source follow, then an empty line. */
const BUNDLING_ERROR = /^✘ \[ERROR\] .*(?:\n(?!\d+ errors?$)(?!✘).*\S.*|\n(?=\n? {4}))*/gm;
/** What the app and esbuild say whatever happens. */
const CHATTER =
  /^(Bundling asset .*|\s+\S*index\.mjs(\.map)?\s+[\d.]+[a-z]+|⚡ Done in .*|Node\.js v.*)\n?/gm;

/**
 * What matters of the words of a CDK app that failed: the errors of its sources where there are
 * any. Behind them the CDK tells the command that failed and where it stands in the tree.
 */
export function toldByApp(stderr: string): string {
  const errors = stderr.match(BUNDLING_ERROR) ?? [];
  if (errors.length > 0)
    return errors.map((error) => error.replace(/^✘ \[ERROR\] /, '')).join('\n');
  return stderr.replaceAll(CHATTER, '').trim();
}
