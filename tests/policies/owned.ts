/** An object's metadata that say whose it is. */
export const owned = (
  metadata: { readonly labels?: Record<string, string> } & Record<string, unknown> = {},
) => ({
  ...metadata,
  labels: {
    "app.kubernetes.io/name": "api",
    "whisper.platform/environment": "production",
    "whisper.platform/owner": "platform-team",
    "whisper.platform/cost-centre": "transcription",
    ...metadata.labels,
  },
});
