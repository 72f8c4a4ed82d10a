import type { Reason, Status } from '../../core/model/outcome.ts';

/** What the page shows at one moment; all texts are ready to be shown, and are no HTML. */
export interface WatchState {
  readonly runId: string;
  /** `seeding`, `running`, `done`, `cancelled`, or `not running` where nothing works on the run. */
  readonly state: string;
  readonly ended: boolean;
  /** What the run reads its URLs from. */
  readonly sources: string;
  readonly tiles: readonly Tile[];
  /** Shares of the known URLs, from 0 to 1, for the bar. */
  readonly shares: Readonly<Record<Status, number>>;
  readonly reasons: readonly ReasonRow[];
  readonly hosts: readonly HostRow[];
  /** What the table of hosts is made from. */
  readonly hostsNote: string;
  readonly errors: readonly ErrorRow[];
  /** Where errors of functions are logged. */
  readonly errorsNote: string;
  /** The newest first. */
  readonly pictures: readonly PictureRow[];
  /** Pictures that can be paged through. */
  readonly pictureCount: number;
}

/** A figure with its name. */
export interface Tile {
  readonly name: string;
  readonly figure: string;
  readonly tone: '' | 'good' | 'bad' | 'pass';
}

/** How many URLs ended for one reason. */
export interface ReasonRow {
  readonly reason: Reason;
  readonly status: Status;
  readonly count: string;
  readonly about: string;
}

/** One host. */
export interface HostRow {
  readonly host: string;
  readonly succeeded: string;
  readonly failed: string;
  readonly skipped: string;
  /** `ok`, or why it deserves a look. */
  readonly tone: 'ok' | 'paused' | 'robots' | 'dead' | 'slow' | 'failing';
  readonly state: string;
}

/** An error of the crawler's own functions. */
export interface ErrorRow {
  readonly message: string;
  /** File and line where it was thrown, where the log tells. */
  readonly where: string;
  readonly source: string;
  readonly count: string;
  readonly lastAt: string;
}

/** One picture. */
export interface PictureRow {
  /** Names it in `/picture/ID`: the SHA-256 of its bytes. */
  readonly id: string;
  readonly caption: string;
  /** Its address; the page links it only where it is http or https. */
  readonly url: string;
  /** The page that names it. */
  readonly page?: { readonly text: string; readonly url: string };
  readonly facts: string;
  /** Whether the browser can show it. */
  readonly isShown: boolean;
}
