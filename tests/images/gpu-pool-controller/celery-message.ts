/**
 * A message as Celery 5.6 with kombu 5.7 puts it into Redis (protocol 2), recorded from one and shortened.
 *
 * @param publishedSeconds What the application has added as the header `published_at`; nothing when absent.
 */
export function celeryMessage(id: string, publishedSeconds?: number): string {
  return JSON.stringify({
    body: "W1syMF0sIHt9LCB7ImNhbGxiYWNrcyI6IG51bGwsICJlcnJiYWNrcyI6IG51bGwsICJjaGFpbiI6IG51bGwsICJjaG9yZCI6IG51bGx9XQ==",
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: {
      lang: "py",
      task: "transcribe",
      id,
      eta: null,
      expires: null,
      retries: 0,
      timelimit: [null, null],
      root_id: id,
      parent_id: null,
      origin: "gen29395@api",
      ...(publishedSeconds !== undefined && { published_at: publishedSeconds }),
    },
    properties: {
      correlation_id: id,
      delivery_mode: 2,
      delivery_info: { exchange: "", routing_key: "transcription" },
      priority: 0,
      body_encoding: "base64",
      delivery_tag: `tag-of-${id}`,
    },
  });
}
