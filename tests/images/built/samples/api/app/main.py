from fastapi import FastAPI, Response

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "well"}


@app.get("/metrics")
def metrics() -> Response:
    return Response("up 1\n", media_type="text/plain; version=0.0.4")
