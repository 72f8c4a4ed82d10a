/**
 * `node bench/sampled-crawl.ts SAMPLES_FILE ARGUMENTS...`: the crawl command as it is; once a second
 * a line of JSON is added to SAMPLES_FILE: resident memory, open files and sockets, and what the event
 * loops of its threads wait for. Linux only.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { look } from './process-sample.ts';
import { ResourceReader } from './thread-resources.ts';

const SAMPLE_MS = 1000;

const [samplesFile = ''] = process.argv.splice(2, 1);
const reader = new ResourceReader();
await reader.open();
void sample();
await import('../cli/crawl.js');

async function sample(): Promise<void> {
  for (;;) {
    await sleep(SAMPLE_MS, undefined, { ref: false });
    const [seen, { Timeout: timers = 0 }] = await Promise.all([look('self'), reader.read()]);
    if (seen !== undefined) appendFileSync(samplesFile, `${JSON.stringify({ ...seen, timers })}\n`);
  }
}
