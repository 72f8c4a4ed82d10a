declare module 'serve-handler' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** Answers with a file below `public`. */
  export default function serve(
    request: IncomingMessage,
    response: ServerResponse,
    options: { readonly public: string },
  ): Promise<void>;
}
