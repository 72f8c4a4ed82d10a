import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What the worker's telemetry tells in its thread of each settled target, while somebody listens. */
const SETTLED = 'image-crawler:settled';
/** Between the threads of this process: whoever listens says so on the one, and hears the other. */
const LISTENING = 'image-crawler:settled-listening';
const RESULTS = 'image-crawler:settled-results';
/** How often results are passed on, in milliseconds. */
const PASS_ON_MS = 500;
/** Whoever listens says so every second; a thread stops 3 s after it last heard of one. */
const LISTENING_MS = 1000;
const FORGOTTEN_MS = 3000;

/** Waits in a function's thread until somebody listens, and then passes on what is settled. */
export function feedSettled(): void {
  const channel = new BroadcastChannel(LISTENING);
  let heardMs = 0;
  let results: unknown[] = [];
  const collect = (result: unknown) => void results.push(result);
  const passOn = () => {
    if (results.length > 0) post(results);
    results = [];
    if (performance.now() - heardMs < FORGOTTEN_MS) setTimeout(passOn, PASS_ON_MS).unref();
    else stop();
  };
  const stop = () => {
    unsubscribe(SETTLED, collect);
    heardMs = 0;
  };
  channel.onmessage = () => {
    const isNew = heardMs === 0;
    heardMs = performance.now();
    if (!isNew) return;
    subscribe(SETTLED, collect);
    setTimeout(passOn, PASS_ON_MS).unref();
  };
  channel.unref();
}

/** Closed at once: a channel that stays open in each thread would get what the others post. */
function post(results: readonly unknown[]): void {
  const channel = new BroadcastChannel(RESULTS);
  channel.postMessage(results);
  channel.close();
}

/** Listens to what the functions of this process settle, until it is disposed of. */
export function listenToSettled(onResults: (results: readonly unknown[]) => void): Disposable {
  const channel = new BroadcastChannel(RESULTS);
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    if (Array.isArray(data)) onResults(data);
  };
  channel.unref();
  const threads = new BroadcastChannel(LISTENING);
  threads.unref();
  const say = () => threads.postMessage('listening');
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
