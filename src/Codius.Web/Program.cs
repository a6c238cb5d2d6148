using Codius.Web;

await using var app = Gateway.Build(args);
await app.RunAsync();
