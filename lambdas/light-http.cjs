// An import of `node:http` reads all its exports, and three of them load a whole HTTP client that
// nobody asked for: a tenth of a cold start. What is required is read when it is used.
module.exports = process.getBuiltinModule('node:http');
