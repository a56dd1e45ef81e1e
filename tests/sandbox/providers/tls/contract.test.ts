import { TLS_TYPES } from "../../../../sandbox/providers/tls/types/index.ts";
import { itAgreesWithTheVendor } from "../generated/contract.ts";

itAgreesWithTheVendor("tls", TLS_TYPES, ["maxPathLength"]);
