/** Imports a program that is written in TypeScript, as one file of JavaScript: see `bundle.js`. */
export function importProgram(entry: string): Promise<unknown>;

/** The file that holds a whole program, as its files are now; undefined where nothing can be kept. */
export function bundled(entry: string): Promise<string | undefined>;
