declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB over HTTP; with a path its data is in LevelDB files below it, else in memory. */
  export default function dynalite(options: {
    readonly path?: string;
    readonly createTableMs?: number;
  }): Server;
}
