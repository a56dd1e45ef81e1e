import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Text as the `data` of a Secret holds it; as secret as the text is. */
export function base64(text: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(text).apply((plain) => Buffer.from(plain, "utf8").toString("base64"));
}

/**
 * A fingerprint of a pod's configuration, to be an annotation of the pod: when the configuration changes, so does
 * the pod, and Kubernetes rolls it. It may be shown though its sources are secret: they hold random passwords,
 * which cannot be guessed from it.
 */
export function fingerprint(...configuration: Record<string, pulumi.Input<string>>[]): pulumi.Output<string> {
  const digest = pulumi
    .all(configuration.map((values) => pulumi.all(values)))
    .apply((values) => createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16));
  return pulumi.unsecret(digest);
}
