import { parseArgs } from 'node:util';
import { image, type Script } from '../worker/scripted-site.ts';
import { DEATHS, isPossible } from './crash-everywhere.ts';
import type { Shape } from './shape.ts';
import { Simulation } from './simulation.ts';
import type { Call, Mishap } from './wire.ts';

/** `npm run soak`: one long run in the simulation, in which one call of many meets a mishap. */
const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: '1000000' },
    hosts: { type: 'string', default: '200' },
    /** One call of so many meets a mishap. */
    mishap: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});
const targets = Number(values.targets);
const hosts = Number(values.hosts);
const rarity = Number(values.mishap);

const KINDS: readonly Mishap[] = [...DEATHS, 'throttled', 'partial', 'answer-lost', 'clock-step'];

function mishapOf(call: Call, random: () => number): Mishap | undefined {
  watch();
  if (random() * rarity >= 1) return undefined;
  const kind = KINDS[Math.floor(random() * KINDS.length)];
  if (kind === undefined || !isPossible(kind, call)) return undefined;
  met.set(kind, (met.get(kind) ?? 0) + 1);
  return kind;
}

const met = new Map<Mishap, number>();

/** What is held for each tenth of the run; what is settled stays, for the checker. */
const tenths: object[] = [];

function watch(): void {
  const settled = sim.world.ledger.results.size;
  if (settled < ((tenths.length + 1) * targets) / 10) return;
  globalThis.gc?.();
  const heapMb = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  tenths.push({ settled, heapMb, ...sim.world.held });
}
const urls = Array.from({ length: targets }, (_, at) => `https://h${at % hosts}.test/${at}.png`);
/** The same picture at every address. */
const script = new Proxy<Script>({}, { get: () => [image('same')] });
const shape: Shape = {
  lists: { 'a.txt': urls },
  script,
  workers: 4,
  windowSize: 50_000,
  maxEvents: Number.POSITIVE_INFINITY,
};

const began = process.cpuUsage();
const sim = new Simulation(shape, { seed: Number(values.seed), plan: mishapOf });
const verdict = await sim.run();
const { user, system } = process.cpuUsage(began);
for (const tenth of tenths) console.log(JSON.stringify(tenth));
console.log(
  JSON.stringify({
    ...verdict,
    calls: sim.world.wire.calls,
    deaths: sim.world.deaths,
    mishaps: Object.fromEntries(met),
    virtualHours: Number(((sim.world.clock.now() - Date.UTC(2026, 0, 1)) / 3_600_000).toFixed(1)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
