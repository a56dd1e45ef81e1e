// The engine's policy host loads JavaScript, by `require`, which top-level await would break; from here on it is
// TypeScript.
import { register } from "tsx/esm/api";

register();
void import("./pack.ts");
