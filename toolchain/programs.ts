/**
 * What the toolchain gets, as data: versions, where the vendor publishes them, the checksums they are
 * pinned to, and the Go packages they are built from where downloads cannot be had. A bot can update it:
 * a version, its checksums and the `go.mod` of the same name change together.
 */

/** A platform as Node names it: `<process.platform>-<process.arch>`. */
export type Platform = `${NodeJS.Platform}-${string}`;

/** A file the vendor publishes, and how programs are taken out of it. */
export interface Artefact {
  readonly url: string;
  /** Digest of the whole file, lower-case hex. A file that differs is thrown away. */
  readonly checksum: { readonly algorithm: "sha256" | "sha512"; readonly hex: string };
  /**
   * What to keep. `programs`: these paths of a tar archive, stored under their base name. `folder`: everything
   * under this folder of a tar archive (the Pulumi engine looks for language hosts beside itself).
   * `file`: the file itself is the program of this name.
   */
  readonly keep:
    | { readonly programs: readonly string[] }
    | { readonly folder: string }
    | { readonly file: string };
}

/** Programs that are had, cached and versioned together. */
export interface ProgramSet {
  /** Folder name in the cache, and of the Go module under `toolchain/go`. */
  readonly name: string;
  /** What a person calls it. */
  readonly title: string;
  readonly version: string;
  /** The files a complete set has at least. */
  readonly programs: readonly string[];
  /** The vendor's files per platform; a platform that is missing is built from Go modules. */
  readonly downloads: Readonly<Partial<Record<Platform, readonly Artefact[]>>>;
  /** Program name to Go package, all in the module `toolchain/go/<name>`. */
  readonly goPackages: Readonly<Record<string, string>>;
  /** Linker flags that stamp the version. */
  readonly goLinkerFlags: string;
}

const pulumiVersion = "3.253.0";

/** The Pulumi engine and its command line. Checksums: published with the release `v3.253.0`. */
export const pulumiEngine: ProgramSet = {
  name: "pulumi",
  title: "Pulumi engine",
  version: pulumiVersion,
  programs: ["pulumi"],
  downloads: {
    "linux-x64": [
      {
        url: `https://get.pulumi.com/releases/sdk/pulumi-v${pulumiVersion}-linux-x64.tar.gz`,
        checksum: {
          algorithm: "sha256",
          hex: "33161e521280e6c77395a46344dba5ff9c118a90df254801e662087143b4d1ac",
        },
        keep: { folder: "pulumi" },
      },
    ],
    "linux-arm64": [
      {
        url: `https://get.pulumi.com/releases/sdk/pulumi-v${pulumiVersion}-linux-arm64.tar.gz`,
        checksum: {
          algorithm: "sha256",
          hex: "7d7074d67a76139226c163b2365f14fbd45d8e2251362a2e10dc4602b3b577ea",
        },
        keep: { folder: "pulumi" },
      },
    ],
  },
  goPackages: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  goLinkerFlags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
};

const kubernetesVersion = "1.36.0";
const etcdVersion = "3.6.8";
const kwokVersion = "0.8.0";

function kubernetesArtefacts(
  architecture: "amd64" | "arm64",
  checksums: { kubernetes: string; etcd: string; kwok: string },
): readonly Artefact[] {
  const serverFolder = "kubernetes/server/bin";
  return [
    {
      url: `https://github.com/kubernetes-sigs/kwok/releases/download/v${kwokVersion}/kwok-linux-${architecture}`,
      checksum: { algorithm: "sha256", hex: checksums.kwok },
      keep: { file: "kwok" },
    },
    {
      url: `https://github.com/etcd-io/etcd/releases/download/v${etcdVersion}/etcd-v${etcdVersion}-linux-${architecture}.tar.gz`,
      checksum: { algorithm: "sha256", hex: checksums.etcd },
      keep: { programs: [`etcd-v${etcdVersion}-linux-${architecture}/etcd`] },
    },
    {
      url: `https://dl.k8s.io/v${kubernetesVersion}/kubernetes-server-linux-${architecture}.tar.gz`,
      checksum: { algorithm: "sha512", hex: checksums.kubernetes },
      keep: {
        programs: ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(
          (program) => `${serverFolder}/${program}`,
        ),
      },
    },
  ];
}

/**
 * The control plane's programs. Kubernetes' checksums: `CHANGELOG-1.36.md` of the release (1.36.0 is the newest
 * patch whose checksums could be pinned); etcd's and KWOK's: those of their releases.
 */
export const kubernetesControlPlane: ProgramSet = {
  name: "kubernetes",
  title: "Kubernetes control plane",
  version: kubernetesVersion,
  programs: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok"],
  downloads: {
    "linux-x64": kubernetesArtefacts("amd64", {
      kubernetes:
        "1c64da92575451c2c7ff97c79b772e603995f8e76da1371a6b0746aaa27b65dce81c4d734cbb50f40e71486a8e08df36f14e12974f97d4d29e41f23a172a6a25",
      etcd: "cf9cfe91a4856cb90eed9c99e6aee4b708db2c7888b88a6f116281f04b0ea693",
      kwok: "f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46",
    }),
    "linux-arm64": kubernetesArtefacts("arm64", {
      kubernetes:
        "7f95e451baedd9368a2fa637afa84c9ed1b958736540ca27a379e5e292e1a10c5d9a29539f833047574bf5d3b6f907f32dee5735acecc11aa4686f078108dcf8",
      etcd: "438f56a700d17ce761510a3e63e6fa5c1d587b2dd4d7a22c179c09a649366760",
      kwok: "628f7d277860f524a2a775c217adcc58828e7b59ab0933680315784f1b8b0e37",
    }),
  },
  goPackages: {
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    etcd: "go.etcd.io/etcd/server/v3",
    kwok: "sigs.k8s.io/kwok/cmd/kwok",
  },
  goLinkerFlags: [
    `-X k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
    "-X k8s.io/component-base/version.gitMajor=1",
    "-X k8s.io/component-base/version.gitMinor=36",
    `-X sigs.k8s.io/kwok/pkg/consts.Version=v${kwokVersion}`,
  ].join(" "),
};
