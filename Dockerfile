# A production image: no embedded Redis, no sandbox, no shell, not root.
#   docker build -t codius-web --build-arg REVISION=$(git rev-parse HEAD) .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
ARG FOR_IMAGE="-p:PublishReadyToRun=true -p:WithEmbeddedRedis=false -p:WithSandbox=false"
WORKDIR /source
# The files that decide the packages come before the sources: an edit of a source does not restore again.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt ./
COPY src/Package.props src/
COPY src/Interledger.Net/Interledger.Net.csproj src/Interledger.Net/packages.image.lock.json src/Interledger.Net/
COPY src/Interledger.Net.AspNetCore/Interledger.Net.AspNetCore.csproj src/Interledger.Net.AspNetCore/packages.image.lock.json \
    src/Interledger.Net.AspNetCore/
COPY src/OpenPayments.Net/OpenPayments.Net.csproj src/OpenPayments.Net/packages.image.lock.json src/OpenPayments.Net/
COPY src/Codius.Web/Codius.Web.csproj src/Codius.Web/packages.image.lock.json src/Codius.Web/
RUN dotnet restore src/Codius.Web --locked-mode $FOR_IMAGE
COPY appsettings.json ./
COPY src src
RUN dotnet publish src/Codius.Web --no-restore -c Release -o /app \
    --runtime "linux-$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64)" --no-self-contained $FOR_IMAGE

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG REVISION=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Codius.Web" \
      org.opencontainers.image.description="The gateway of a Codius host: web apps that are paid per request over Interledger" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/codius/codius-web-net" \
      org.opencontainers.image.url="https://github.com/codius/codius-web-net" \
      org.opencontainers.image.documentation="https://github.com/codius/codius-web-net/blob/main/docs/running-a-host.md" \
      org.opencontainers.image.vendor="The Codius.Web authors" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
EXPOSE 8080 9090 9443
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["dotnet", "Codius.Web.dll", "health"]
ENTRYPOINT ["dotnet", "Codius.Web.dll"]
