/** The command that somebody is told to run next, where they are and as they can paste it. */
export const commandLine = (verb: string, environment: string, sandbox: boolean): string =>
  `npx platform ${verb} ${environment}${sandbox ? " --sandbox" : ""}`;
