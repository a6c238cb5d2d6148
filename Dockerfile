# A production image: no embedded Redis, no sandbox, no shell, not root.
#   docker build -t codius-web .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
COPY . .
RUN dotnet publish src/Codius.Web -c Release -o /app \
    --runtime "linux-$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64)" --no-self-contained \
    -p:PublishReadyToRun=true -p:WithEmbeddedRedis=false -p:WithSandbox=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
EXPOSE 8080 9090 9443
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["dotnet", "Codius.Web.dll", "health"]
ENTRYPOINT ["dotnet", "Codius.Web.dll"]
