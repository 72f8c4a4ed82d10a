/** What a function costs. */
export interface CostMeter {
  /** What it has cost since it was started, its time until now included, in US dollars. */
  dollars(): number;
}
