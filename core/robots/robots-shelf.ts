import type { RobotsFailure } from './fetch-robots.ts';
import type { RobotsCopy } from './robots-copy.ts';
import { RobotsMatcher } from './robots-matcher.ts';

/** Rules kept in memory at most, over all hosts. */
const MAX_RULES = 200_000;
/** Copies kept in memory at most. */
const MAX_COPIES = 2000;

/** A copy with its rules made ready. */
export interface ShelvedRobots {
  readonly copy: RobotsCopy;
  readonly matcher?: RobotsMatcher;
  /** Why it did not come, where it is unreachable. */
  readonly failure?: RobotsFailure;
}

/** The robots.txt copies of a worker, the oldest given up first. */
export class RobotsShelf {
  readonly #shelved = new Map<string, ShelvedRobots>();
  #rules = 0;

  get(key: string): ShelvedRobots | undefined {
    return this.#shelved.get(key);
  }

  put(key: string, copy: RobotsCopy, failure?: RobotsFailure): ShelvedRobots {
    this.#drop(key);
    const { answer } = copy;
    const matcher = answer.kind === 'rules' ? new RobotsMatcher(answer.rules) : undefined;
    const shelved = { copy, matcher, failure };
    this.#shelved.set(key, shelved);
    this.#rules += rulesIn(copy);
    for (const [oldest] of this.#shelved) {
      if (this.#rules <= MAX_RULES && this.#shelved.size <= MAX_COPIES) break;
      if (oldest !== key) this.#drop(oldest);
    }
    return shelved;
  }

  #drop(key: string): void {
    const shelved = this.#shelved.get(key);
    if (shelved === undefined) return;
    this.#rules -= rulesIn(shelved.copy);
    this.#shelved.delete(key);
  }
}

function rulesIn({ answer }: RobotsCopy): number {
  return answer.kind === 'rules' ? answer.rules.allow.length + answer.rules.disallow.length : 0;
}
