import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Path of TypeScript's helper functions, in the form that a bundler can take apart. */
export const helperLibrary: string = require.resolve("tslib/tslib.es6.js");

/** Path of their types. */
export const helperTypes: string = helperLibrary.replace(/tslib\.es6\.js$/, "tslib.d.ts");
