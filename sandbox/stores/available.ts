/** Programs that can run, or why there are none. */
export type Available<Programs> = { readonly programs: Programs } | { readonly reason: string };

/** What `find` finds; why it found nothing where it throws. */
export async function available<Programs>(find: () => Promise<Programs>): Promise<Available<Programs>> {
  if (process.platform !== "linux") return { reason: "its servers need Linux, which has all of 127.0.0.0/8" };
  try {
    return { programs: await find() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
