/** Names by which the policy library's wrappers tell that they are some, and what is in them. */
const names = { is: "__isSpecialProxy", content: "__getSpecialProxyTarget" } as const;

/** What the engine sent: the policy library hides secrets and refuses what is unknown in layers around it. */
export function contentOf(props: unknown): unknown {
  if (!isWrapped(props)) return props;
  return contentOf(Reflect.get(props, names.content));
}

const isWrapped = (props: unknown): props is object =>
  typeof props === "object" && props !== null && Reflect.get(props, names.is) === true;

const first = new WeakMap<object, object>();

/** The same wrapper of a resource for every rule: the library makes one for each, and what rules find out is kept by it. */
export function sameWrapper<Props extends object>(props: Props): Props {
  if (!isWrapped(props)) return props;
  const content = Reflect.get<object, string>(props, names.content) as object;
  const known = first.get(content);
  if (known !== undefined) return known as Props;
  first.set(content, props);
  return props;
}
