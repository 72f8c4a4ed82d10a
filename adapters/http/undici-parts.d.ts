/**
 * The parts of undici that are used here. Its index brings `fetch`, web sockets and test doubles
 * along: 280 kB and 20 ms of every start of a worker.
 */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';
  export default Client;
}
