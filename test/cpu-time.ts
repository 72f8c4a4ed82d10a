/**
 * CPU time of a piece of work in milliseconds: unlike elapsed time it does not grow while other
 * processes have the machine.
 */
export function cpuTimeMs(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
