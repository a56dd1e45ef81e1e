/** Types of Kubernetes objects of one API group by their kinds, in whatever version, and the patches of them. */
export const kindsOf = (group: string, ...kinds: readonly string[]): ((type: string) => boolean) => {
  const pattern = new RegExp(
    `^kubernetes:${group.replaceAll(".", "\\.")}/v\\w+:(${kinds.join("|")})(Patch)?$`,
  );
  return (type) => pattern.test(type);
};
