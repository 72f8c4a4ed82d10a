import type { DeliveredMessage } from '../../adapters/memory/memory-fifo-queue.ts';
import { dismantle } from '../../core/worker/dismantle.ts';
import { readDelivery } from './received-tasks.ts';
import type { SimProcess } from './sim-process.ts';
import type { SimWorld } from './sim-world.ts';
import { clockOf } from './wire.ts';

const BATCH = 10;

/** What Lambda does between the dead-letter queue and its function: one after the other. */
export class DeadLetterService {
  readonly #world: SimWorld;
  #isBusy = false;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  /** Hands a batch over; false when there is none, or the last one is at work. */
  take(): boolean {
    const { dead } = this.#world;
    if (this.#isBusy || dead.size === 0) return false;
    const batch = dead.receive(BATCH);
    if (batch.length === 0) return false;
    this.#isBusy = true;
    const process = this.#world.start('dead-letter');
    void Promise.race([this.#dismantleAll(process, batch), process.death]).finally(() => {
      this.#isBusy = false;
    });
    return true;
  }

  async #dismantleAll(process: SimProcess, batch: readonly DeliveredMessage[]): Promise<void> {
    const { clock, wire, dead } = this.#world;
    const ports = { clock: clockOf(process, clock), ...this.#world.portsOf(process) };
    for (const message of batch) {
      // One that breaks on us comes again, the others of its batch do not pay for it.
      await this.#try(async () => {
        const { task, receiveCount } = readDelivery(message);
        await dismantle(task, ports, receiveCount);
        const remove = async () => dead.acknowledge(message.receipt);
        await wire.call(process, 'delete', [message.receipt], remove);
      });
    }
  }

  async #try(job: () => Promise<void>): Promise<void> {
    await job().catch(() => {});
  }
}
