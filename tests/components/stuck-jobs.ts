import type * as pulumi from "@pulumi/pulumi";

/**
 * Makes Jobs fail while they are not to work: no container runs in the sandbox, and every Job succeeds; one that finds no
 * node, and has a second, fails.
 * @param work Asked for each Job when it is declared.
 */
export const stuckUnless =
  (work: () => boolean): pulumi.ResourceTransformation =>
  ({ type, props, opts }) => {
    if (work() || type !== "kubernetes:batch/v1:Job") return undefined;
    const { template } = props.spec;
    const nowhere = { ...template.spec, nodeSelector: { "kubernetes.io/hostname": "nowhere" } };
    const spec = { ...props.spec, activeDeadlineSeconds: 1, template: { ...template, spec: nowhere } };
    return { props: { ...props, spec }, opts };
  };
