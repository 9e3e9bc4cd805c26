# The action server: says the vetted answers that Rasa chose.
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
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --only-group actions

FROM ${PYTHON}
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PRODUCTION=true VAR_FOLDER=/var/lib/baclofen-faq HOME=/tmp \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/baclofen-faq
COPY --from=packages /opt/venv /opt/venv
COPY --from=tree /app/clinic.yml ./
COPY --from=tree /app/deploy/is_up.py deploy/
COPY --from=tree /app/vetted vetted
COPY --from=tree /app/baclofen_faq baclofen_faq
COPY --from=tree /app/actions actions
USER 10001:10001
EXPOSE 5055
HEALTHCHECK --interval=10s --timeout=7s --start-period=30s CMD ["python", "deploy/is_up.py", "http://127.0.0.1:5055/health"]
CMD ["python", "-m", "rasa_sdk", "--actions", "actions", "--quiet", "--port", "5055"]
