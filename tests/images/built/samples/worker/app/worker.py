import os

from app import metrics
from celery import Celery

celery = Celery("sample", broker=os.environ["BROKER_URL"])


@celery.task(name="transcribe")
def transcribe(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("there is no recording of less than no time")
    metrics.audio_seconds.inc(seconds)
