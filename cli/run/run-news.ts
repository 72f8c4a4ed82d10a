import { type RunProgress, settledOf } from '../../core/model/progress.ts';
import type { FunctionEvent } from '../../local/local-stack.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Screen } from '../output/screen.ts';
import { type OwnFault, OwnFaults } from './own-faults.ts';
import { PausedHosts } from './paused-hosts.ts';

/** What a person is told of a run while it works, besides the line of progress. */
export class RunNews {
  readonly paused = new PausedHosts(Date.now);
  readonly #faults: OwnFaults;
  readonly #screen: Screen;
  readonly #deployment: Deployment;
  readonly #onStuck: (verdict: string) => void;

  /** `onStuck` is told once why the run cannot end. */
  constructor(screen: Screen, deployment: Deployment, onStuck: (verdict: string) => void) {
    this.#screen = screen;
    this.#deployment = deployment;
    this.#onStuck = onStuck;
    this.#faults = new OwnFaults(
      () => performance.now(),
      (text) => screen.note(text),
    );
  }

  /** Something that a function logged; an error is one of this run unless it names another one. */
  add(event: FunctionEvent, runId?: string): void {
    if (event.kind === 'pause') this.paused.add(event);
    else if (runId === undefined || (event.runId ?? runId) === runId) this.#faults.add(event);
  }

  /** An error that functions of a deployed stack kept, which came so many times. */
  addFault(fault: OwnFault, times: number): void {
    this.#faults.add(fault, times);
  }

  /** A look at the run. */
  look(progress: RunProgress): void {
    this.#faults.progress(settledOf(progress));
    const { verdict } = this.#faults;
    if (verdict !== undefined) this.#onStuck(verdict);
  }

  /** No URL was finished for so long. */
  tellSilence(seconds: number): void {
    const { last } = this.#faults;
    const parts = [`No progress for ${seconds} s.`];
    if (this.paused.leftMs > 0) parts.push(`${this.paused}.`);
    if (last !== undefined) parts.push(`Last ${last}.`);
    if (this.#deployment.kind === 'here') parts.push(`Logs: ${this.#deployment.dataDir}/logs`);
    else parts.push(`See the dashboard ${this.#deployment.name} in CloudWatch.`);
    this.#screen.note(parts.join(' '));
  }
}
