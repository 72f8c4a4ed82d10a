import type { DirectoryHeaders } from '../../adapters/bot-auth/directory-signature.ts';
import { DIRECTORY_FIELDS, DIRECTORY_PATH, DIRECTORY_TYPE } from '../../contract/bot-identity.ts';
import type { BotFile } from './bot-site.ts';

/** How long a verifier may keep the directory. */
const CACHE_CONTROL = 'max-age=3600';

/**
 * The header fields that the key directory is served with, as servers read them: `nginx.conf` is to be
 * included in a `server` block, `_headers` is for hosts of static files that know such a file, and
 * `s3.json` is what `aws s3api put-object` takes.
 */
export function directoryFiles(signed: DirectoryHeaders): readonly BotFile[] {
  const fields: Fields = DIRECTORY_FIELDS.flatMap((name) => {
    const value = signed[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return [
    { path: 'nginx.conf', content: nginx(fields) },
    { path: '_headers', content: hostRules(fields) },
    { path: 's3.json', content: `${JSON.stringify(s3(fields), null, 2)}\n` },
  ];
}

type Fields = readonly (readonly [name: string, value: string])[];

function nginx(fields: Fields): string {
  return [
    `location = ${DIRECTORY_PATH} {`,
    '  types { }',
    `  default_type ${DIRECTORY_TYPE};`,
    '  gzip off;',
    `  add_header cache-control '${CACHE_CONTROL}';`,
    ...fields.map(([name, value]) => `  add_header ${name} '${value}';`),
    '}',
    '',
  ].join('\n');
}

function hostRules(fields: Fields): string {
  const all = [['content-type', DIRECTORY_TYPE], ['cache-control', CACHE_CONTROL], ...fields];
  return [DIRECTORY_PATH, ...all.map(([name, value]) => `  ${name}: ${value}`), ''].join('\n');
}

/** S3 sends fields of one's own with a prefix, which the distribution of the stack takes off. */
function s3(fields: Fields) {
  return {
    Key: DIRECTORY_PATH.slice(1),
    ContentType: DIRECTORY_TYPE,
    CacheControl: CACHE_CONTROL,
    Metadata: Object.fromEntries(fields),
  };
}
