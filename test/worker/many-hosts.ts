import { aTask, urlsOf } from './records.ts';
import { image, type Script } from './scripted-site.ts';

/** One task of three URLs on each of so many hosts, each in a group of its own. */
export function manyHosts(count: number) {
  const hosts = Array.from({ length: count }, (_, at) => `h${at}.example`);
  const tasks = hosts.map((host, at) => aTask(`w0-g${at}-0`, urlsOf(host, 3), { group: `g${at}` }));
  const urls = tasks.flatMap(({ targets }) => targets.map(({ url }) => url));
  return { tasks, urls, script: siteOf(urls) };
}

/** A site that has these images. */
export function siteOf(urls: readonly string[]): Script {
  return Object.fromEntries(urls.map((url) => [url, [image(url)]]));
}
