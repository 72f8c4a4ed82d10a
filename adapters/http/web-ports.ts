/** From here on ports are anybody's (RFC 6335, section 6). */
const FIRST_FREE_PORT = 1024;

/**
 * Services above 1023 that are not the web. Some read a request as commands of their own, and
 * none should hear from a crawler because a list said so. Below the ephemeral ports (32768).
 */
const OTHER_SERVICES: ReadonlySet<number> = new Set([
  // The bad ports of the Fetch standard (WHATWG, section 2.9), from 1024 on.
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
  // Databases, caches and search engines.
  1433, 1434, 1521, 3050, 3306, 5432, 5433, 5984, 6379, 6380, 7687, 8529, 9042, 9160, 9200, 9300,
  11211, 16379, 26257, 26379, 27017, 27018, 27019, 28015, 28017,
  // Queues and coordination.
  1883, 2181, 2379, 2380, 4222, 4369, 5671, 5672, 8300, 8301, 8302, 8500, 8883, 9092, 15672, 25672,
  // Containers, clusters and secrets.
  2375, 2376, 2377, 6443, 8200, 8201, 10250, 10255, 10257, 10259,
  // Remote control, files and printers.
  1080, 1099, 3260, 3389, 5900, 5901, 5902, 5903, 5985, 5986, 9100,
]);

/** Whether a web site may be expected at a port: 80, 443 and from 1024 on all but known others. */
export function isWebPort(port: number): boolean {
  if (port < FIRST_FREE_PORT) return port === 80 || port === 443;
  return !OTHER_SERVICES.has(port);
}
