#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 node --max-old-space-size=512 --max-semi-space-size=4 --max-opt=2
// Plain JavaScript that any Node since 18 can read: it hands over to the Node that the project
// brings along where the one that runs it is older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const NODE_VERSION = 24;
/**
 * Less room for short-lived objects keeps a long crawl flat: the emulators make many. And V8's last
 * and dearest compiler has no work here: three threads that mostly hand things on cost it more than
 * they gain by it, a twelfth of a crawl's CPU. The same stands in the first line and in the scripts.
 */
const NODE_OPTIONS = ['--max-old-space-size=512', '--max-semi-space-size=4', '--max-opt=2'];
/**
 * A heap may grow to twice of what it keeps before all of it is looked at. V8 counts the bodies
 * that pass through a thread as growth, and would otherwise look at its 25 MB every 400 pictures: a
 * tenth of a crawl's CPU. To 2.5 times costs 30 MB more and saves nothing, to 1.7 times costs 4 %.
 */
const HEAP_GROWTH = '--heap-growing-percent=100';
/** Otherwise glibc keeps what a dozen threads leave behind, each in an arena of its own: 50 MB. */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };
/** Set for the Node that is handed over to: it must not hand over once more. */
const HANDED_OVER = 'CRAWL_HANDED_OVER';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const [major] = process.versions.node.split('.');
if (/[\\/]node_modules[\\/]/.test(import.meta.url)) {
  refusePackage();
} else if (Number(major) >= NODE_VERSION && process.features.typescript) {
  endWithParent();
  hideSqliteWarning();
  // Flags come first: compiled code is kept for those under which it was compiled.
  setFlagsFromString(HEAP_GROWTH);
  module.enableCompileCache();
  const { lightenHttp } = await import('../local/functions/light-http.ts');
  lightenHttp();
  const { bundledCommand } = await import('./command-bundle.ts');
  await import((await bundledCommand()) ?? './crawl.ts');
} else {
  handOver();
}

/** Node reads no TypeScript below node_modules, and a template is there to be changed. */
function refusePackage() {
  console.error(
    'crawl: image-crawler is a template and runs in its own folder, not as a package in ' +
      'node_modules: clone it or unpack it, then npm ci and npx crawl there',
  );
  process.exitCode = 1;
}

/** Who kills the process that was typed means this one: SIGKILL cannot be passed on. */
function endWithParent() {
  if (process.env[HANDED_OVER] === undefined || process.channel === undefined) return;
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}

/** The first versions of Node 24 warn of each use of SQLite, which here is a lock and nothing else. */
function hideSqliteWarning() {
  const warn = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith('SQLite is an experimental feature'))
      warn.call(process, warning, ...rest);
  };
}

function handOver() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = fileURLToPath(new URL(`../node_modules/node/bin/${name}`, import.meta.url));
  if (!existsSync(node) || process.env[HANDED_OVER] !== undefined) {
    const found = `this is Node ${process.versions.node}`;
    console.error(`crawl: needs Node ${NODE_VERSION}, and ${found}; npm ci brings it`);
    process.exit(1);
  }
  const self = fileURLToPath(import.meta.url);
  const env = { ...MALLOC, ...process.env, [HANDED_OVER]: '1' };
  const child = spawn(node, [...NODE_OPTIONS, self, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env,
  });
  const passOn = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, passOn);
  child.on('error', (error) => {
    console.error(`crawl: ${node} does not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    for (const one of SIGNALS) process.off(one, passOn);
    if (signal === null) process.exit(code ?? 1);
    process.kill(process.pid, signal);
  });
}
