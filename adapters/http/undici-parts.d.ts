/**
 * The parts of undici that are used here. Its index brings `fetch`, web sockets and test doubles
 * along: 280 kB and 20 ms of every start of a worker.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export default buildConnector;
}
