"""What the platform's alerts and dashboards want to know of an API: docs/metrics.md lists it."""

import time

from fastapi import FastAPI
from prometheus_client import Counter, Gauge, Histogram
from prometheus_fastapi_instrumentator import Instrumentator
from sqlalchemy import Engine, event

users_active = Gauge("users_active", "Users who are signed in and asked for something within a quarter of an hour")
sessions_open = Gauge("sessions_open", "Sessions that are open")
login_attempts = Counter("login_attempts_total", "Attempts to sign in", ["outcome"])
pool_connections = Gauge("database_pool_connections", "Connections of the pool", ["state"])
query_duration = Histogram(
    "database_query_duration_seconds",
    "How long queries take",
    ["operation"],
    buckets=(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

# A counter is there from its beginning: the first failure is an increase.
for outcome in ("succeeded", "failed"):
    login_attempts.labels(outcome)

_operations = ("select", "insert", "update", "delete")


def watch_requests(app: FastAPI) -> None:
    """Counts requests and how long they take, by route, and serves it all on /metrics."""
    Instrumentator(should_group_status_codes=False, excluded_handlers=["/metrics", "/health"]).instrument(
        app, latency_lowr_buckets=(0.1, 0.25, 0.5, 1, 2, 5)
    ).expose(app, include_in_schema=False)


def watch_database(engine: Engine) -> None:
    """Tells how many connections there are, and how long what is asked through them takes."""
    pool = engine.pool
    pool_connections.labels("taken").set_function(pool.checkedout)
    pool_connections.labels("free").set_function(lambda: max(0, pool.size() - pool.checkedout()))

    @event.listens_for(engine, "before_cursor_execute")
    def _begin(connection, cursor, statement, parameters, context, many):
        context.began = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _end(connection, cursor, statement, parameters, context, many):
        operation = statement.lstrip().split(None, 1)[0].lower()
        if operation in _operations:
            query_duration.labels(operation).observe(time.perf_counter() - context.began)


def watch_sessions(open_sessions, active_users) -> None:
    """Asks at each scrape: both are the same from each pod, as sessions are in the cache that all share."""
    sessions_open.set_function(open_sessions)
    users_active.set_function(active_users)
