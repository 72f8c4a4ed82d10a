/** Packages that are CommonJS ask for `require`, which an ES module does not have. */
export const REQUIRE_BANNER =
  "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);";
