/**
 * Goes on when nobody reads what the command prints any more, as behind `| head`: what is under way is finished, unheard.
 * Unhandled, the failing write would end the command in mid-change; while the program runs, Pulumi's own handler would
 * report it by writing again, for ever. A write that fails for another reason, such as a full disk, loses the result:
 * the command then ends with status 1.
 */
export function outliveReaders(process: NodeJS.Process): void {
  let lost = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") lost = true;
    });
  }
  process.once("exit", () => {
    if (lost) process.exitCode ||= 1;
  });
}
