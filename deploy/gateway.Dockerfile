# The gateway: the only process that nginx hands requests of the public to. Its volume holds the outbox: one each.
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
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --only-group gateway

FROM ${PYTHON}
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PRODUCTION=true VAR_FOLDER=/var/lib/baclofen-faq HOME=/tmp \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/baclofen-faq
COPY --from=packages /opt/venv /opt/venv
COPY --from=tree /app/manage.py /app/clinic.yml ./
COPY --from=tree /app/deploy/gateway.sh /app/deploy/is_up.py deploy/
COPY --from=tree /app/widget/dist widget/dist
COPY --from=tree /app/vetted vetted
COPY --from=tree /app/baclofen_faq baclofen_faq
COPY --from=tree /app/service service
USER 10001:10001
VOLUME /var/lib/baclofen-faq
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=7s --start-period=60s CMD ["python", "deploy/is_up.py", "http://127.0.0.1:8080/healthz"]
CMD ["sh", "deploy/gateway.sh"]
