# syntax=docker/dockerfile:1
# The function app with its host, for Azure Container Apps or any other place that runs images. Not built in this repository's CI, where
# no image can be fetched: see infra/README.md. Tags are pinned to digests by .ci/pin.
#
# Run it with a read-only root: docker run --read-only --tmpfs /tmp --cap-drop ALL -p 8080:8080 ...

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY handler handler
COPY functions functions
COPY recipes recipes
COPY host.json local.settings.json.example ./
# The package as it goes to Flex Consumption: reproducible, checked, without the settings of any machine.
RUN cargo xtask dist --flex --release

FROM mcr.microsoft.com/azure-functions/base:4-slim
LABEL org.opencontainers.image.title="Golden Thread" \
      org.opencontainers.image.licenses="MIT"
# The host writes to /tmp only; names of settings are the host's.
ENV ASPNETCORE_URLS=http://+:8080 \
    AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    COMPlus_EnableDiagnostics=0 \
    DOTNET_EnableDiagnostics=0 \
    FUNCTIONS_WORKER_RUNTIME=custom \
    HOME=/tmp \
    TMPDIR=/tmp
COPY --from=build --chown=root:root /src/target/flex /home/site/wwwroot
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /api/health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -Eq ' (200|401) '"]
