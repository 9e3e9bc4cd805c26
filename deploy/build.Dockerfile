# What the other images are made of: the tree, its model trained and measured. The build ends where a floor is missed, so
# there is no image with words or a model that were not validated. Needs 4 GB of memory and about ten minutes.
ARG PYTHON=python:3.10-slim-bookworm
ARG UV=ghcr.io/astral-sh/uv:0.13.9
FROM ${UV} AS uv

FROM ${PYTHON}
COPY --from=uv /uv /usr/local/bin/
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/venv PATH=/opt/venv/bin:$PATH \
    RASA_TELEMETRY_ENABLED=false HF_HUB_OFFLINE=1 TF_CPP_MIN_LOG_LEVEL=3 PYTHONUNBUFFERED=1
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-group dev
COPY . .
RUN mkdir -p var models reports && python -W ignore manage.py evaluate --summary
