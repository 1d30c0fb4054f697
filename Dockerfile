# Build: the binary with everything it needs inside.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin caughtup

# Run: no compiler, no root. Time zones are in the binary; certificates are not.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates wget \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/caughtup --create-home caughtup
COPY --from=build /src/target/release/caughtup /usr/local/bin/caughtup
# By number, so that a cluster can see that it is not root.
USER 10001
WORKDIR /var/lib/caughtup
VOLUME /var/lib/caughtup
ENV CAUGHTUP_CONFIG=/etc/caughtup/caughtup.toml
# /healthz listens on loopback inside the container unless the configuration says otherwise.
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD wget --quiet --output-document=/dev/null http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["caughtup"]
CMD ["serve"]
