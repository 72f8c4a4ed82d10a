/** undici has four HTTP parsers; it asks for one, as long as its environment is not told otherwise. */
export const UNUSED_PARSERS: readonly string[] = ['../milo/*.js', '../llhttp/llhttp-wasm.js'];
