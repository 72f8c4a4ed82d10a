/** ECMAScript "JSON.parse source text access", which TypeScript does not know yet. */
interface JSON {
  rawJSON(text: string): unknown;
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}
