import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PictureFields } from '../../contract/settled-batch.ts';
import { SettledSums, type SummedResult } from '../../contract/settled-sums.ts';

/** What the worker's telemetry tells in its thread of each settled target, while somebody listens. */
const SETTLED = 'image-crawler:settled';
/** Between the threads of this process: whoever listens says so on the one, and hears the other. */
const LISTENING = 'image-crawler:settled-listening';
const BATCHES = 'image-crawler:settled-batches';
/** How often a thread passes on what it settled, in milliseconds. */
const PASS_ON_MS = 1000;
/** Whoever listens says so every second; a thread stops 3 s after it last heard of one. */
const LISTENING_MS = 1000;
const FORGOTTEN_MS = 3000;
/** The newest pictures of each time: nobody sees more of them, and each costs more than its sum. */
const MAX_PICTURES = 15;

/** What is listened for: the results of a run that were fetched since then (ISO 8601). */
export interface SettledOrder {
  readonly runId: string;
  readonly since: string;
}

/** What is told of a result. */
type ToldResult = SummedResult & PictureFields;

/** Waits in a function's thread until somebody listens, and then passes on what is settled. */
export function feedSettled(): void {
  const channel = new BroadcastChannel(LISTENING);
  let heardMs = 0;
  let order: SettledOrder | undefined;
  let batch = new Batch();
  const collect = (result: unknown) => {
    if (order !== undefined && isWanted(result, order)) batch.add(result);
  };
  const passOn = () => {
    const json = batch.json;
    batch = new Batch();
    if (json !== undefined) post(json);
    if (performance.now() - heardMs < FORGOTTEN_MS) setTimeout(passOn, PASS_ON_MS).unref();
    else stop();
  };
  const stop = () => {
    unsubscribe(SETTLED, collect);
    heardMs = 0;
  };
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    if (!isOrder(data)) return;
    order = data;
    const isNew = heardMs === 0;
    heardMs = performance.now();
    if (!isNew) return;
    subscribe(SETTLED, collect);
    setTimeout(passOn, PASS_ON_MS).unref();
  };
  channel.unref();
}

/** What was settled between two times. */
class Batch {
  readonly #sums = new SettledSums();
  #pictures: ToldResult[] = [];

  add(result: ToldResult): void {
    this.#sums.add(result);
    if (result.file === undefined) return;
    this.#pictures.push(result);
    if (this.#pictures.length > 2 * MAX_PICTURES) this.#pictures = this.#newest;
  }

  /** Undefined where nothing was settled. */
  get json(): string | undefined {
    const sums = this.#sums.all();
    if (sums.length === 0 && this.#pictures.length === 0) return undefined;
    return JSON.stringify({ sums, pictures: this.#newest.map(pictureOf) });
  }

  get #newest(): ToldResult[] {
    return this.#pictures.slice(-MAX_PICTURES);
  }
}

/** Without all that no page shows. */
function pictureOf(result: ToldResult): ToldResult {
  const { url, status, reason, title, alt, foundOn, format, width, height, bytes } = result;
  const { sha256, storedSha256, storedFormat, file, offset, length } = result;
  return {
    url,
    status,
    reason,
    title,
    alt,
    foundOn,
    format,
    width,
    height,
    bytes,
    sha256,
    storedSha256,
    storedFormat,
    file,
    offset,
    length,
  };
}

/** Closed at once: a channel that stays open in each thread would get what the others post. */
function post(json: string): void {
  const channel = new BroadcastChannel(BATCHES);
  channel.postMessage(json);
  channel.close();
}

/** Listens to what the functions of this process settle, until it is disposed of. */
export function listenToSettled(order: SettledOrder, onBatch: (json: string) => void): Disposable {
  const channel = new BroadcastChannel(BATCHES);
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    if (typeof data === 'string') onBatch(data);
  };
  channel.unref();
  const threads = new BroadcastChannel(LISTENING);
  threads.unref();
  const say = () => threads.postMessage(order);
  say();
  const timer = setInterval(say, LISTENING_MS).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      channel.close();
      threads.close();
    },
  };
}

function isOrder(value: unknown): value is SettledOrder {
  return typeof value === 'object' && value !== null && 'runId' in value && 'since' in value;
}

/** What telemetry tells is a settled result; one that was never fetched is read from the table. */
function isWanted(value: unknown, { runId, since }: SettledOrder): value is ToldResult {
  if (typeof value !== 'object' || value === null) return false;
  if (!('runId' in value) || value.runId !== runId || !('fetchedAt' in value)) return false;
  return typeof value.fetchedAt === 'string' && value.fetchedAt >= since;
}
