# Rasa, one worker: several of these, never several workers in one. It starts with the model of this build only.
ARG PYTHON=python:3.10-slim-bookworm
ARG UV=ghcr.io/astral-sh/uv:0.13.9
FROM ${UV} AS uv
# hadolint ignore=DL3006
FROM baclofen-faq-build AS tree

FROM ${PYTHON} AS packages
COPY --from=uv /uv /usr/local/bin/
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/venv
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --only-group rasa

FROM ${PYTHON}
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PRODUCTION=true VAR_FOLDER=/var/lib/baclofen-faq HOME=/tmp \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
    RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 MPLCONFIGDIR=/tmp
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/baclofen-faq
COPY --from=packages /opt/venv /opt/venv
COPY --from=tree /app/credentials.yml ./
COPY --from=tree /app/deploy/endpoints.yml /app/deploy/is_up.py deploy/
COPY --from=tree /app/data data
COPY --from=tree /app/vetted vetted
COPY --from=tree /app/baclofen_faq baclofen_faq
COPY --from=tree /app/models/baclofen-faq.tar.gz /app/models/validated.json models/
USER 10001:10001
EXPOSE 5005
HEALTHCHECK --interval=10s --timeout=7s --start-period=90s CMD ["python", "deploy/is_up.py", "http://127.0.0.1:5005/"]
CMD ["python", "-W", "ignore", "-m", "baclofen_faq.nlu.serve", "--interface", "0.0.0.0", "--port", "5005"]
