using Hello;

// A Codius app is any web server that listens where PORT says (and HOST, if there is one) and ends on SIGTERM.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls($"http://{Environment.GetEnvironmentVariable("HOST") ?? "*"}:{Environment.GetEnvironmentVariable("PORT") ?? "80"}");
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

var app = builder.Build();
app.UseWebSockets();

foreach (var file in SiteFile.All) app.MapGet(file.Path, (HttpResponse response) => file.WriteAsync(response));
app.MapGet("/echo", Echo.AnswerAsync);
app.MapGet("/clock", Clock.AnswerAsync);
app.MapGet("/slow", async (TimeProvider time, CancellationToken gone) =>
{
    await Task.Delay(TimeSpan.FromSeconds(3), time, gone);
    return Results.Text("That took three seconds, and cost the same as a fast answer.");
});
app.MapGet("/fail", () =>
    Results.Text("This app failed, on purpose. Answers like this one cost nothing.", statusCode: StatusCodes.Status500InternalServerError));

app.Run();
