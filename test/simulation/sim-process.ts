/** One process: an execution environment of a function. It ends in an instant, and stays dead. */
export class SimProcess {
  readonly name: string;
  readonly death: Promise<'dead'>;
  /** Calls that it made so far. */
  calls = 0;
  readonly #mourners: (() => void)[] = [];
  #isDead = false;

  constructor(name: string) {
    this.name = name;
    this.death = new Promise((resolve) => this.onDeath(() => resolve('dead')));
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  onDeath(tell: () => void): void {
    this.#mourners.push(tell);
  }

  die(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    for (const tell of this.#mourners) tell();
  }
}
