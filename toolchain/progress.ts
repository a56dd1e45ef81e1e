/** Told what is happening, one line of text at a time; called at most about once a second. */
export type OnProgress = (line: string) => void;

/** Passes on at most one line a second, so that a fast source does not flood a log; the first always passes. */
export function throttled(onProgress: OnProgress, intervalMs = 1_000): OnProgress {
  let nextAt = 0;
  return (line) => {
    const now = Date.now();
    if (now < nextAt) return;
    nextAt = now + intervalMs;
    onProgress(line);
  };
}
