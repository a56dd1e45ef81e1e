import os

from celery import Celery

celery = Celery("sample", broker=os.environ["BROKER_URL"])
