using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Testing.Pages;

/// <summary>
/// The real pages on a real Kestrel over a staged ledger and fake apps: keeps each page in a state that the whole
/// gateway only passes through.
/// </summary>
internal sealed class PageStage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PageStage(WebApplication app, int port, StagedBalances balances, FakeApps apps, FakeSteering steering) =>
        (_app, Port, Balances, Apps, Steering) = (app, port, balances, apps, steering);

    public int Port { get; }

    public StagedBalances Balances { get; }

    public FakeApps Apps { get; }

    public FakeSteering Steering { get; }

    /// <summary>True to answer 402 whatever the balance is.</summary>
    public bool IsShut { get; set; }

    public string HostUrl => $"http://localhost:{Port}";

    public string AppUrl => $"http://hello.localhost:{Port}";

    public string UrlOf(string app) => $"http://{app}.localhost:{Port}";

    public static Prices Prices { get; } = new(PerRequest: 10_000, PerDeploy: 10_000_000, PerRunningHour: 10_000_000, OpenAt: 200_000);

    public static async Task<PageStage> StartAsync(
        Action<WebApplicationBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var port = FreePort.Find();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
            .Append(new("Host:PublicUrl", $"http://localhost:{port}")).Append(new("Host:DisplayName", "Quiet Harbour")));
        var (balances, apps, steering) = (new StagedBalances(), new FakeApps(), new FakeSteering());
        apps.Host("hello");
        apps.Host("guestbook");
        builder.Services.AddOptions<HostOptions>().BindConfiguration(HostOptions.Section);
        builder.Services.AddOptions<GatewayOptions>().Configure(gateway => gateway.DrainDelay = TimeSpan.Zero);
        builder.Services.AddOptions<SandboxOptions>().Configure(sandbox => sandbox.Enabled = true);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<Asset>().AddSingleton<WireAsset>().AddSingleton<HostNames>()
            .AddSingleton(Prices).AddSingleton<LiveGateways>().AddSingleton<DefaultRate>();
        builder.Services.AddSingleton<Drain>().AddSingleton<Supervisor>();
        builder.Services.AddSingleton<IBalanceLedger>(balances).AddSingleton<IBalanceChanges>(balances);
        builder.Services.AddSingleton<IAppSteering>(steering).AddFakeApps(apps);
        builder.Services.AddProblems();
        builder.AddPages();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        configure?.Invoke(builder);
        var app = builder.Build();
        PageStage? stage = null;
        app.Run(new EndpointTables
        {
            Host = endpoints => endpoints.MapHostPages(),
            App = endpoints => endpoints.MapAppPages(),
            Visits = context => VisitAsync(context, stage!),
        }.Build(app.Services));
        stage = new PageStage(app, port, balances, apps, steering);
        await app.StartAsync();
        return stage;
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _app.Services.GetRequiredService<Drain>().StoppingAsync(CancellationToken.None);
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // As the visits use the pages, without charging and forwarding.
    private static async Task VisitAsync(HttpContext context, PageStage stage)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredService<IAppCatalog>().TryFind(context, out var app))
        {
            await Problems.WriteAsync(context, Problem.NoSuchApp);
            return;
        }
        var pages = services.GetRequiredService<IVisitPages>();
        var funds = (await services.GetRequiredService<IBalanceLedger>().ReadAsync(app.Account, context.RequestAborted))?.Funds ?? 0;
        var state = services.GetRequiredService<IAppRunner>().StateOf(app);
        if (stage.IsShut || funds < Prices.PerRequest) await pages.WritePaymentRequiredAsync(context, app, funds);
        else if (state is not AppState.Awake)
            await pages.WriteWakingAsync(context, app, state is AppState.Failed ? state : AppState.Waking);
        else await Results.Content("<!doctype html><title>hello</title><h1>Hello from the app</h1>", "text/html").ExecuteAsync(context);
    }
}
