import { isIP } from 'node:net';
import { join } from 'node:path';
import { FileView } from './file-view.ts';
import type { ResolvedAddress } from './resolve-name.ts';

type Hosts = ReadonlyMap<string, readonly ResolvedAddress[]>;

/** The names that the machine's hosts file gives addresses to, as the file says now. */
export class HostsFile {
  readonly #view: FileView<Hosts>;

  constructor(path = hostsPath(), now: () => number = () => performance.now()) {
    this.#view = new FileView(path, parseHosts, now);
  }

  /** All addresses of a name, from every line that has it, in the file's order. */
  addressesOf(hostname: string): readonly ResolvedAddress[] | undefined {
    return this.#view.read().get(hostname.toLowerCase());
  }
}

function hostsPath(): string {
  if (process.platform !== 'win32') return '/etc/hosts';
  const root = process.env['SystemRoot'] ?? 'C:\\Windows';
  return join(root, 'System32', 'drivers', 'etc', 'hosts');
}

/** As hosts(5): an address and its names on each line, a comment after `#`. */
function parseHosts(text: string): Hosts {
  const hosts = new Map<string, ResolvedAddress[]>();
  for (const line of text.split(/\r?\n/)) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names) addAddress(hosts, name.toLowerCase(), { address, family });
  }
  return hosts;
}

function addAddress(
  hosts: Map<string, ResolvedAddress[]>,
  name: string,
  added: ResolvedAddress,
): void {
  const known = hosts.get(name);
  if (known === undefined) hosts.set(name, [added]);
  else if (!known.some(({ address }) => address === added.address)) known.push(added);
}
