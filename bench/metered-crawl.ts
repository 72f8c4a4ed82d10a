/**
 * `node bench/metered-crawl.ts METER_FILE ARGUMENTS...`: the crawl command as it is, in a process
 * of its own; at its end what it cost is written to METER_FILE as JSON.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

const [meterFile = ''] = process.argv.splice(2, 1);
let requests: unknown = {};
subscribe('image-crawler:stack-stopped', (message) => {
  requests = message;
});
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const peakRssMB = process.resourceUsage().maxRSS / 1024;
  const meter = { cpuSeconds: (user + system) / 1e6, peakRssMB, requests };
  writeFileSync(meterFile, JSON.stringify(meter));
});
await import('../cli/crawl.js');
