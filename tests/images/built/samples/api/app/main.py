import os
import secrets
import time

from fastapi import FastAPI, HTTPException
from sqlalchemy import QueuePool, create_engine, text

from app import metrics

app = FastAPI()
engine = create_engine(os.environ.get("DATABASE_URL", "sqlite://"), poolclass=QueuePool)
# Of a sample alone: an application keeps them in the cache.
sessions: dict[str, tuple[str, float]] = {}

metrics.watch_requests(app)
metrics.watch_database(engine)
metrics.watch_sessions(
    lambda: len(sessions),
    lambda: len({user for user, asked in sessions.values() if time.time() - asked < 900}),
)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "well"}


@app.get("/jobs/{job}")
def job(job: int) -> dict[str, int]:
    with engine.connect() as connection:
        return {"job": connection.execute(text("SELECT :job"), {"job": job}).scalar_one()}


@app.post("/auth/token")
def sign_in(user: str, password: str) -> dict[str, str]:
    if not secrets.compare_digest(password, os.environ.get("SAMPLE_PASSWORD", "correct")):
        metrics.login_attempts.labels("failed").inc()
        raise HTTPException(401)
    metrics.login_attempts.labels("succeeded").inc()
    token = secrets.token_urlsafe()
    sessions[token] = (user, time.time())
    return {"token": token}
