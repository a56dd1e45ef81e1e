import { program } from "./program.ts";

/** The stack's outputs, for `pulumi up` by hand. */
export default program;
