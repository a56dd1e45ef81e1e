import { runController } from "./run.ts";
import { stopOnSignal } from "./service.ts";
import { readSettings } from "./settings.ts";

stopOnSignal(await runController(readSettings(process.env), (line) => void process.stdout.write(line)));
