/** What was done when a run was finished. */
export interface FinishSums {
  /** In the manifest. */
  readonly shards: number;
  readonly images: number;
  /** Shards that held something that no result refers to, and were written again. */
  readonly rewritten: number;
  readonly removed: number;
  /** Objects of tables. */
  readonly tables: number;
}

/** How far the finishing of a run is: its shards, tables and manifest. */
export interface RunFinish {
  /** Names whoever does it. */
  readonly by: string;
  /** How often it was handed over: one that is repeated after a later one began must do nothing. */
  readonly turn: number;
  /** When something was done last, in milliseconds since 1970. */
  readonly movedMs: number;
  /** Present when it is done. */
  readonly sums?: FinishSums;
}
