"""What the platform's alerts and dashboards want to know of a worker: docs/metrics.md lists it."""

import os
import time
from pathlib import Path

# Celery's main process answers, and its children work: they tell each other by files. Before anything is imported.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "/tmp/metrics")
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

from celery import signals  # noqa: E402
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead  # noqa: E402

jobs = Counter("transcription_jobs_total", "Jobs that came to their end", ["outcome"])
active = Gauge("transcription_jobs_active", "Jobs that are worked on", multiprocess_mode="livesum")
duration = Histogram(
    "transcription_duration_seconds", "How long a transcription takes", buckets=(60, 240, 900, 3600, 7200)
)
audio_seconds = Counter("transcription_audio_seconds_total", "Seconds of audio that were transcribed")

_began: dict[str, float] = {}


@signals.worker_ready.connect
def _serve(**_) -> None:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    start_http_server(int(os.environ.get("METRICS_PORT", "9100")), registry=registry)


@signals.worker_process_init.connect
def _begin(**_) -> None:
    # What is told from the first, is an increase when it happens.
    for outcome in ("completed", "failed"):
        jobs.labels(outcome)
    active.set(0)


@signals.worker_process_shutdown.connect
def _end(pid: int, **_) -> None:
    mark_process_dead(pid)


@signals.task_prerun.connect
def _begins(task_id: str, **_) -> None:
    _began[task_id] = time.monotonic()
    active.inc()


@signals.task_postrun.connect
def _ends(task_id: str, state: str, **_) -> None:
    active.dec()
    duration.observe(time.monotonic() - _began.pop(task_id, time.monotonic()))
    jobs.labels("completed" if state == "SUCCESS" else "failed").inc()
