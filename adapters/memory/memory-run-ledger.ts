import type { Checkpoint, Run } from '../../core/model/run.ts';
import type { RunFinish } from '../../core/model/run-finish.ts';
import type { RunLedger, RunLook } from '../../core/ports/run-ledger.ts';

/** Runs in memory. */
export class MemoryRunLedger implements RunLedger {
  readonly #runs = new Map<string, Run>();
  readonly #costs = new Map<string, number>();
  /** As `crawl stop --stack` and `crawl start` leave it. */
  isStopped = false;

  async read(runId: string): Promise<Run | undefined> {
    return this.#runs.get(runId);
  }

  async look(runId: string): Promise<RunLook> {
    return { run: this.#runs.get(runId), isStopped: this.isStopped };
  }

  async addCost(runId: string, nanodollars: number): Promise<number> {
    const sum = (await this.cost(runId)) + nanodollars;
    this.#costs.set(runId, sum);
    return sum;
  }

  async cost(runId: string): Promise<number> {
    return this.#costs.get(runId) ?? 0;
  }

  async *all(): AsyncGenerator<Run> {
    yield* [...this.#runs.values()].toSorted((a, b) => b.runId.localeCompare(a.runId));
  }

  async begin(run: Run): Promise<void> {
    if (!this.#runs.has(run.runId)) this.put(run);
  }

  async keepWindowSize(runId: string, windowSize: number): Promise<number> {
    const kept = this.#runs.get(runId);
    if (kept === undefined) throw new Error(`no run ${runId}`);
    this.put({ windowSize, ...kept });
    return kept.windowSize ?? windowSize;
  }

  async checkpoint(
    { runId, lists }: Run,
    checkpoint: Checkpoint,
    finished: boolean,
  ): Promise<void> {
    const kept = this.#runs.get(runId);
    if (kept === undefined || kept.lists.length !== lists.length) return;
    const { window } = kept.checkpoint;
    const holds = finished ? window === checkpoint.window : window < checkpoint.window;
    if (holds) this.put({ ...kept, checkpoint, seeding: finished ? 'finished' : 'open' });
  }

  async keepFinish({ runId, lists }: Run, finish: RunFinish, begins: boolean): Promise<boolean> {
    const kept = this.#runs.get(runId);
    if (kept === undefined) return false;
    const isEnded = kept.seeding === 'finished' && kept.lists.length === lists.length;
    const isSame = kept.finish?.by === finish.by && kept.finish.turn <= finish.turn;
    if (begins ? !isEnded : !isSame) return false;
    this.put({ ...kept, finish });
    return true;
  }

  /** What is kept of a run. */
  peek(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  /** As somebody does who deletes a run. */
  remove(runId: string): void {
    this.#runs.delete(runId);
  }

  /** Keeps a run as it is given: a new one, or one that a person changed. */
  put(run: Run): void {
    this.#runs.set(run.runId, { ...run });
  }
}
