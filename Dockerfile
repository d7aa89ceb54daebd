# One image for all our processes; the command says which: docker run IMAGE run sanitize
FROM python:3.11-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pipeline pipeline
COPY schemas schemas
COPY deploy deploy
# the state folder belongs to the user that needs it, also as a fresh volume
RUN useradd --uid 10001 pipeline && install -d -o pipeline -m 0700 .local
USER pipeline
ENTRYPOINT ["python", "-c", "from pipeline.cli import main; main()"]
