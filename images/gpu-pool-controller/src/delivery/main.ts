import { stopOnSignal } from "../service.ts";
import { runDelivery } from "./run.ts";
import { readDeliverySettings } from "./settings.ts";

stopOnSignal(await runDelivery(readDeliverySettings(process.env), (line) => void process.stdout.write(line)));
