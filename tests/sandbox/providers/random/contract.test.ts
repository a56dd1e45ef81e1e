import { RANDOM_TYPES } from "../../../../sandbox/providers/random/types/index.ts";
import { itAgreesWithTheVendor } from "../generated/contract.ts";

itAgreesWithTheVendor("random", RANDOM_TYPES, ["number", "numeric"]);
