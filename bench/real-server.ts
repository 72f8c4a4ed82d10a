/**
 * `node bench/real-server.ts --urls N --hosts N --seed N [--from N] [--to N] [--tls]`: serves the hosts
 * FROM up to TO of the real list (see real-list.ts), each on a loopback address of its own, all on
 * one port. Prints one line of JSON when it is ready and ends with its standard input. `GET /stats`
 * of the control origin tells what was counted, `POST /reset` starts to count again. Linux only.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { anAuthority } from '../test/http/certificates.ts';
import { listenWithFullBacklog } from './full-backlog.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';
import { readyPictures } from './ready-pictures.ts';
import { hostAddress, RealHosts } from './real-hosts.ts';
import { hostKinds } from './real-list.ts';
import { ServerLog } from './server-log.ts';

const { values } = parseArgs({
  options: {
    urls: { type: 'string', default: '20000' },
    hosts: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string' },
    tls: { type: 'boolean', default: false },
  },
});
if (process.platform !== 'linux') {
  console.error('the real list needs Linux: other systems answer on one loopback address only');
  process.exit(2);
}
const seed = Number(values.seed);
const all = hostKinds(Number(values.hosts), seed);
const from = Number(values.from);
const to = Number(values.to ?? all.length);

const log = new ServerLog();
const findPicture = await readyPictures(Number(values.urls));
const authority = values.tls ? await anAuthority('bench authority') : undefined;
const hosts = new RealHosts({ log, findPicture, seed, authority });
let port = 0;
const unreachable: string[] = [];
for (let host = from; host < to; host += 1) {
  if (all[host] === 'unreachable') unreachable.push(hostAddress(host));
  else port = await hosts.listen(host, all[host] === 'silent', port);
}
await listenWithFullBacklog(unreachable, port);

const control = createServer((request, response) => {
  if (request.method === 'POST') hosts.reset();
  // A connection that is kept could be closed here just as the next request is sent.
  response.setHeader('Connection', 'close').end(JSON.stringify(log.stats));
});
const origins = Array.from({ length: to - from }, (_, at) => {
  return `${values.tls ? 'https' : 'http'}://${hostAddress(from + at)}:${port}`;
});
const controlOrigin = await listenOnLoopback(control, '127.0.0.1');
console.log(JSON.stringify({ origins, control: controlOrigin, authority: authority?.cert }));
await text(process.stdin);
process.exit(0);
