import * as docker from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";

/** Where an image is built from. */
export interface ImageSource {
  /**
   * Folder that the build sees, absolute: the plugin that builds has a folder of its own.
   * @example "/home/ada/transcription"
   */
  readonly context: string;

  /**
   * The Dockerfile, absolute; a `Dockerfile.dockerignore` beside it counts too.
   * @default Dockerfile in the context
   * @example "/home/ada/whisper-platform/images/api/Dockerfile"
   */
  readonly dockerfile?: string;

  /**
   * Stage to build.
   * @default the last one
   */
  readonly target?: string;

  /**
   * Values for the Dockerfile's `ARG`s. They stay in the image's history: nothing secret.
   * @default the Dockerfile's own
   * @example { GPU_BRAND: "amd" }
   */
  readonly buildArguments?: Readonly<Record<string, string>>;

  /**
   * What the image is built for.
   * @default linux/amd64 and linux/arm64
   */
  readonly platforms?: readonly ImagePlatform[];
}

/** What images are built for. */
export type ImagePlatform = (typeof platforms)[number];

/** Arguments of an {@link Image}. */
export interface ImageArgs {
  /**
   * The image with its registry and the tag of one build; or a digest, and then there is nothing to do.
   * @example "registry.digitalocean.com/whisper-staging-registry/api:1.4.2"
   */
  readonly reference: string;

  /**
   * Builds the image from source and pushes it under the tag, whenever the source has changed. Needs Docker with BuildKit,
   * logged in to the registry, where the engine runs.
   * @default somebody else has pushed it
   */
  readonly source?: ImageSource;

  /**
   * Resolves the tag to its digest in an `up`, once, and gives that digest the tag `<tag>-<pin>`: whoever moves the tag
   * afterwards changes nothing here, and a garbage collection of the registry leaves what runs. A preview does not ask the
   * registry, and shows the tag alone until the `up`.
   *
   * Caution: a change resolves anew.
   * @default the tag as it is
   * @example "staging"
   */
  readonly pin?: string;
}

const platforms = ["linux/amd64", "linux/arm64"] as const;
const tagged = /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+:([\w][\w.-]{0,127})$/;
const digested = /@sha256:[a-f0-9]{64}$/;
const longestTag = 128;

/**
 * An image of the operator's own: built from source for AMD64 and ARM64 and pushed, or pushed by somebody else; and by its
 * digest from the first `up` on, so that every node and every restart runs the same bytes.
 *
 * Nothing is deleted with it: what an image is replaced by may have to make room for it again.
 *
 * ### Cost
 * None of its own: what it holds counts against the plan of the registry.
 *
 * @example
 * ```ts
 * const api = new Image("app-api-image", { reference: "registry.digitalocean.com/whisper/api:1.4.2", pin: "staging" });
 * new Application("app", { images: { api: api.reference, ... }, ... });
 * ```
 */
export class Image extends Component {
  /** What to run: with its digest once that is known. */
  readonly reference: pulumi.Output<string>;
  /** What to run by a name that is known beforehand: the tag that is pinned, where one is. */
  readonly tag: string;

  constructor(name: string, args: ImageArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkImage(checks, args) });
    super("whisper:image:Image", name, args, options);

    const built = args.source && this.#build(name, args.reference, args.source);
    const pinned = this.#pin(name, args, built);

    this.tag = pinnedTag(args) ?? args.reference;
    const made = pinned?.ref ?? built?.ref;
    this.reference = made === undefined ? pulumi.output(args.reference) : orElse(made, this.tag);
    this.registerOutputs({ reference: this.reference, tag: this.tag });
  }

  #build(name: string, tag: string, source: ImageSource): docker.Image {
    return new docker.Image(
      `${name}-build`,
      {
        tags: [tag],
        context: { location: source.context },
        dockerfile: { location: source.dockerfile ?? `${source.context}/Dockerfile` },
        platforms: [...(source.platforms ?? platforms)],
        ...(source.target !== undefined && { target: source.target }),
        ...(source.buildArguments && { buildArgs: { ...source.buildArguments } }),
        push: true,
        // A preview would take as long as an `up`, and push nothing.
        buildOnPreview: false,
      },
      { parent: this, retainOnDelete: true },
    );
  }

  /** An index of one source is that source, byte for byte, under another tag. */
  #pin(name: string, args: ImageArgs, built: docker.Image | undefined): docker.Index | undefined {
    const tag = pinnedTag(args);
    if (tag === undefined) return undefined;
    return new docker.Index(
      `${name}-pin`,
      { tag, sources: [built?.ref ?? args.reference], push: true },
      // To delete it would delete the manifest, and with it every tag that it has.
      { parent: this, retainOnDelete: true },
    );
  }
}

/**
 * What an output holds; until it is known, as in the first preview, what stands for it: rules judge what runs, and refuse
 * what they cannot read.
 */
function orElse(output: pulumi.Output<string>, inPlace: string): pulumi.Output<string> {
  // Every output has it, though the SDK's declaration of one keeps silent.
  const isKnown = "isKnown" in output ? output.isKnown : true;
  return pulumi.output(Promise.resolve(isKnown).then((known) => (known === true ? output : inPlace)));
}

/** The tag of its own that an image gets; none where it is not pinned, or named by its digest already. */
const pinnedTag = ({ reference, pin }: ImageArgs): string | undefined =>
  pin === undefined || digested.test(reference) ? undefined : `${reference}-${pin}`;

/** Finds what is wrong with an {@link Image}'s arguments. */
export function checkImage(checks: ArgumentChecks, { reference, source, pin }: ImageArgs): void {
  const [, tag] = tagged.exec(reference) ?? [];
  checks.check(
    "reference",
    reference,
    (text) => digested.test(text) || (tag !== undefined && tag !== "latest"),
    (text) => `is "${text}", which names no build`,
    "Give an image with its registry and a tag other than latest, or a digest.",
  );
  checks.check(
    "source",
    source === undefined || tag !== undefined,
    (fits) => fits,
    () => "is given for an image that is named by its digest",
    "Name the image by the tag that the build is to have.",
  );
  for (const place of ["context", "dockerfile"] as const) {
    checks.check(
      `source.${place}`,
      source?.[place],
      (path) => path.startsWith("/"),
      (path) => `is "${path}", which depends on where the build runs`,
      "Give an absolute path.",
    );
  }
  source?.platforms?.forEach((platform, index) => {
    checks.oneOf(`source.platforms[${index}]`, platform, platforms);
  });
  checks.check(
    "pin",
    pin,
    (text) => /^[\w][\w.-]*$/.test(text) && `${tag ?? ""}-${text}`.length <= longestTag,
    (text) => `is "${text}", which makes no tag of at most ${longestTag} characters`,
    "Use letters, digits, dots, hyphens and underscores.",
  );
}
