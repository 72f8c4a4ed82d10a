import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettledBatch } from '../../contract/settled-batch.ts';
import type { RunProgress } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import { listenToSettled } from '../../local/functions/settled-feed.ts';
import { CommandError } from '../command-error.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { errorCode, systemMessage } from '../deployment/system-error.ts';
import { EXIT } from '../exit-code.ts';
import { FunctionErrors } from './function-errors.ts';
import { type OpenPicture, picturesIn } from './picture-files.ts';
import type { OpenPlace } from './run-place.ts';
import { RunView } from './run-view.ts';
import { TableErrors } from './table-errors.ts';
import { WatchHub } from './watch-hub.ts';
import { startWatchServer, type WatchServer } from './watch-server.ts';

/** How long the last results are waited for while somebody watches, in milliseconds. */
const LAST_RESULTS_MS = 1200;

/** What is watched, and how. */
export interface WatchOptions {
  readonly run: Run;
  readonly deployment: Deployment;
  readonly open: OpenPlace;
  /** Opens pictures of a bucket; those of a run's own folder need none. */
  readonly openPicture?: OpenPicture;
  /** Whether the crawl runs in this process, so that its functions can feed what they settle. */
  readonly isHere: boolean;
  /** 0 for any that is free. */
  readonly port: number;
}

/** A run that is watched. */
export interface WatchedRun extends WatchServer {
  /** Takes progress that the command has read anyway. */
  tell(progress: RunProgress): void;
}

/** Serves the live page of a run; nothing is read while nobody looks. @throws CommandError */
export async function watchRun(options: WatchOptions): Promise<WatchedRun> {
  const { run, deployment, open, isHere, port } = options;
  const { runId, settings } = run;
  const logs = deployment.kind === 'here' ? join(deployment.dataDir, 'logs') : undefined;
  const view = new RunView({
    runId,
    open,
    errors:
      logs === undefined
        ? new TableErrors(runId, () => performance.now())
        : new FunctionErrors(logs, runId),
    errorsNote: logs === undefined ? 'from the table' : `from the logs in ${logs}`,
    now: Date.now,
  });
  let feed: Disposable | undefined;
  const onWatched = (isWatched: boolean) => {
    feed?.[Symbol.dispose]();
    feed = isWatched && isHere ? beginFeed(view, runId) : undefined;
  };
  const hub = new WatchHub({ look: () => view.look(), onWatched });
  const { imagesFolder } = settings;
  const openPicture = imagesFolder === undefined ? options.openPicture : picturesIn(imagesFolder);
  const server = await startWatchServer({
    hub,
    port,
    pictures: () => view.pictures,
    openPicture: openPicture ?? (async () => undefined),
  }).catch((error) => {
    if (errorCode(error) === undefined) throw error;
    const message = `--port: cannot listen on 127.0.0.1:${port}: ${systemMessage(error)}`;
    throw new CommandError(message, EXIT.wrongInput);
  });
  const close = async () => {
    // What was settled last is still on its way from the functions' threads.
    if (feed !== undefined) await sleep(LAST_RESULTS_MS);
    await hub.tellLast();
    await server.close();
    feed?.[Symbol.dispose]();
    await view.close();
  };
  return { url: server.url, tell: (progress) => view.tell(progress), close };
}

function beginFeed(view: RunView, runId: string): Disposable {
  const since = new Date().toISOString();
  void view.beginFeed(since);
  return listenToSettled({ runId, since }, (json) => view.feed(parseSettledBatch(json)));
}
