/** When a worker dies: before the nth call of a port has an effect, or before its answer is read. */
export interface Death {
  readonly atCall: number;
  readonly when: 'before' | 'after';
}

/**
 * The life of one worker. A death is a power cut: no call has an effect after it, none is
 * answered, no message is acknowledged.
 */
export class Life {
  readonly death: Promise<'dead'>;
  readonly #planned: Death | undefined;
  #calls = 0;
  #dead = false;
  #announce: (word: 'dead') => void = () => {};

  constructor(planned?: Death) {
    this.#planned = planned;
    this.death = new Promise((resolve) => {
      this.#announce = resolve;
    });
  }

  get isOver(): boolean {
    return this.#dead;
  }

  /** Calls of ports so far. */
  get calls(): number {
    return this.#calls;
  }

  end(): void {
    this.#dead = true;
    this.#announce('dead');
  }

  /** The port as long as the worker lives. */
  bind<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]) =>
          this.#call(async () => member.apply(target, given));
      },
    });
  }

  async #call<T>(job: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    const mine = this.#planned?.atCall === this.#calls ? this.#planned.when : undefined;
    if (mine === 'before') this.end();
    if (this.#dead) return never();
    const answer = await job();
    if (mine === 'after') this.end();
    return this.#dead ? never() : answer;
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
