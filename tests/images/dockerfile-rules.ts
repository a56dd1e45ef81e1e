import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DockerfileParser, Healthcheck, type Instruction, JSONInstruction } from "dockerfile-ast";
import { baseImages } from "../../catalog/images.ts";
import { imageReference } from "../../components/image-reference.ts";

/** Folder of what is built. */
export const imagesFolder = fileURLToPath(new URL("../../images/", import.meta.url));

/** Names of the images: the folders. */
export const imageNames = readdirSync(imagesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The Dockerfile of an image. */
export const dockerfileOf = (image: string): string =>
  readFileSync(`${imagesFolder}${image}/Dockerfile`, "utf8");

/** The words behind an instruction, as written: `USER 10001:10001` has one. */
const words = (instruction: Instruction): string[] =>
  instruction.getArguments().map((each) => each.getValue());

/** Every instruction of a Dockerfile. */
export const instructionsOf = (text: string): Instruction[] => DockerfileParser.parse(text).getInstructions();

/** The instructions of the last stage: what is in the image that runs. */
export function lastStageOf(text: string): Instruction[] {
  const all = instructionsOf(text);
  return all.slice(all.findLastIndex((each) => each.getKeyword() === "FROM"));
}

/** Words of the last instruction of this kind in the last stage. */
export const lastOf = (text: string, keyword: string): string[] | undefined => {
  const found = lastStageOf(text).findLast((each) => each.getKeyword() === keyword);
  return found && words(found);
};

/** The images that a Dockerfile starts from, without its own stages. */
export function basesOf(text: string): string[] {
  const from = DockerfileParser.parse(text).getFROMs();
  const stages = from.map((each) => each.getBuildStage());
  return from
    .map((each) => each.getImage() ?? "")
    .filter((image) => {
      const pattern = new RegExp(`^${image.replaceAll(/\$\{\w+\}/g, "[\\w-]+")}$`);
      return !stages.some((stage) => stage !== null && pattern.test(stage));
    });
}

const known = new Set<string>(Object.values(baseImages).map(imageReference));
const secretName = /secret|token|passw|credential|private|api_?key|access_?key/i;
const numericUser = /^[1-9]\d*:[1-9]\d*$/;

/** One rule, and what breaks it. */
type Rule = (text: string) => string[];

const rules: readonly Rule[] = [
  function hasStages(text) {
    return DockerfileParser.parse(text).getFROMs().length > 1
      ? []
      : ["has one stage: tools of the build run along"];
  },
  function startsFromTheCatalogue(text) {
    return basesOf(text)
      .filter((base) => !known.has(base))
      .map((base) => `starts from ${base}, which catalog/images.ts does not have`);
  },
  function runsAsANumberedUser(text) {
    const [user = "root"] = lastOf(text, "USER") ?? [];
    return numericUser.test(user)
      ? []
      : [`runs as ${user}: give numbers other than 0, as Kubernetes knows no names`];
  },
  function saysHowItIs(text) {
    const checks = lastStageOf(text).filter((each) => each instanceof Healthcheck);
    const check = checks.at(-1);
    if (check?.getSubcommand()?.getValue() !== "CMD") return ["has no health check"];
    return /CMD\s+\[/.test(check.getTextContent()) ? [] : ["has a health check that needs a shell"];
  },
  function getsSignalsItself(text) {
    const started = lastStageOf(text).filter((each) => ["CMD", "ENTRYPOINT"].includes(each.getKeyword()));
    if (started.length === 0) return ["does not say what it runs"];
    return started
      .filter((each) => !(each instanceof JSONInstruction) || each.getOpeningBracket() === null)
      .map((each) => `${each.getKeyword()} goes through a shell, which takes the signal to stop`);
  },
  function holdsNoSecret(text) {
    return instructionsOf(text)
      .filter((each) => ["ARG", "ENV"].includes(each.getKeyword()))
      .flatMap((each) => words(each).map((word) => word.split("=", 1)[0] ?? ""))
      .filter((name) => secretName.test(name))
      .map((name) => `${name} would be in the image's history: use --mount=type=secret`);
  },
  function fetchesNothingUnseen(text) {
    return instructionsOf(text)
      .filter((each) => each.getKeyword() === "ADD")
      .map(() => "uses ADD: COPY what the source has, and let a package manager check what it fetches");
  },
  function isForEveryPlatform(text) {
    return DockerfileParser.parse(text)
      .getFROMs()
      .map((from) => from.getPlatformFlag()?.getValue())
      .filter((platform) => platform !== undefined && platform !== "$BUILDPLATFORM")
      .map((platform) => `is built for ${platform} whatever is asked for`);
  },
];

/** Everything in which a Dockerfile breaks a rule of ours. */
export const faultsOf = (text: string): string[] => rules.flatMap((rule) => rule(text));
