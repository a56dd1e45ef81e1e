/** Imports a program that is written in TypeScript, as a few files of JavaScript: see `bundle.js`. */
export function importProgram(entry: string): Promise<unknown>;

/** The file to import in place of a program's first one, made from its files as they are now; undefined where nothing can be kept. */
export function bundled(entry: string): Promise<string | undefined>;
