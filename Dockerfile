# syntax=docker/dockerfile:1
# graph_crm as a container: the wheel, its locked libraries, nobody's rights. Neo4j is a container of its own.

FROM python:3.12-slim AS build
WORKDIR /source
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/graph_crm \
 && /opt/graph_crm/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY graph_crm graph_crm
COPY cypher cypher
COPY schema schema
RUN /opt/graph_crm/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/graph_crm/bin/pip install --no-cache-dir --no-deps /wheels/graph_crm-*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /home/graph_crm graph_crm \
 && mkdir /data && chown graph_crm:graph_crm /data
COPY --from=build /opt/graph_crm /opt/graph_crm
ENV PATH=/opt/graph_crm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRAPH_CRM_HOME=/data \
    GRAPH_CRM_LISTEN=0.0.0.0:8000 \
    GRAPH_CRM_LOG_FORMAT=json
USER graph_crm
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
ENTRYPOINT ["graph-crm"]
CMD ["serve"]
