/**
 * What lifts the protection of an environment's stores, as the lines that its file is given below `config:`. The reason
 * is to be written: as it stands here it is too short to be taken.
 */
export const decommissionLines = (environment: string): readonly string[] => [
  "  whisper-platform:decommission:",
  `    confirm: ${environment}`,
  '    reason: "..." # why it goes, in at least 10 letters',
];
