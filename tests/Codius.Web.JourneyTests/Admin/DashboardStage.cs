using System.Security.Cryptography;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Apps.Starts;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.HostPayments;
using Codius.Web.Balances.WalletPayments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Admin;

/// <summary>A whole gateway with fifty fake apps, real money, and a month behind it that its books tell of.</summary>
internal sealed class DashboardStage : IAsyncDisposable
{
    public const string Token = "an-admin-token-for-the-dashboard";

    private static readonly string[] First =
    [
        "birdsong", "chess-by-mail", "tide-tables", "harbour-guestbook", "sourdough-club", "weather-for-sailors", "slow-reader",
        "recipes-for-one", "night-sky", "kite-weather",
    ];

    private readonly GatewayUnderTest _gateway;

    private DashboardStage(GatewayUnderTest gateway, FakeApps apps) => (_gateway, Apps) = (gateway, apps);

    public FakeApps Apps { get; }

    public IServiceProvider Services => _gateway.Services;

    public string Url => $"http://localhost:{_gateway.ManagementPort}/admin/";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<DashboardStage> StartAsync()
    {
        var apps = new FakeApps { Since = TimeProvider.System.GetUtcNow().AddMinutes(-95) };
        for (var i = 0; i < 50; i++) apps.Host(NameOf(i), wholeHash: HashOf(i), image: $"registry.example/{NameOf(i)}:1.{i}");
        for (var i = 0; i < 9; i++) apps.Set(NameOf(i), new AppState.Awake(new Uri("http://127.0.0.1:1")));
        var wallets = new StagedHostWallets { Wallets = [StagedHostWallets.Receiving(TimeProvider.System.GetUtcNow(), NameOf(3))] };
        var gateway = await GatewayUnderTest.StartAsync(
            [
                $"Admin:Token={Token}", "Host:DisplayName=Quiet Harbour", "Payments:MaxUnsettled=50", "Sleeping:IdleAfter=01:00:00",
                "Payments:Connectors:lighthouse=0123456789abcdef-of-lighthouse",
                "Payments:Connectors:north-pier=0123456789abcdef-of-north-pier",
            ],
            services => services
                .AddFakeApps(apps)
                .AddSingleton<IHostWallets>(wallets)
                .AddSingleton<IBooks>(provider => new DashboardBooks(
                    ActivatorUtilities.CreateInstance<RedisBooks>(provider), provider.GetRequiredService<TimeProvider>())));
        var stage = new DashboardStage(gateway, apps);
        for (var i = 0; i < 50; i++) await gateway.PayAsync(NameOf(i), DashboardBooks.MoneyOf(i), Stop);
        apps.Set(NameOf(1), AppState.Waking);
        apps.Set(NameOf(5), new AppState.Failed("The app ended with code 134 while starting."));
        return stage;
    }

    public static string NameOf(int app) => app < First.Length ? First[app] : $"app-{app:00}";

    /// <summary>A start that was paid for, so many minutes ago.</summary>
    public Task StartedAsync(string app, int minutesAgo, string? failure = null)
    {
        var at = Services.GetRequiredService<TimeProvider>().GetUtcNow().AddMinutes(-minutesAgo);
        return Services.GetRequiredService<StartRecords>().AddAsync(
            app, new StartRecord(at, failure is null ? null : FailureCause.App, failure, failure is null ? 2_400 + minutesAgo : 60_000));
    }

    /// <summary>A visitor pays an app, as a receipt that was posted.</summary>
    public async Task PayAsync(string app, ulong units)
    {
        var time = Services.GetRequiredService<TimeProvider>();
        var credit = new ReceiptCredit(
            AccountId.OfApp(app), RandomNumberGenerator.GetBytes(16), 1, units, time.GetUtcNow(), time.GetUtcNow().AddHours(1),
            Unbound: false);
        Assert.Equal(CreditOutcome.Credited, (await Services.GetRequiredService<IBalanceLedger>().CreditAsync(credit, Stop)).Outcome);
        Services.GetRequiredService<PaymentNotes>().Credited(PaymentId.Of(credit), units);
    }

    public async Task SpendAsync(string app, ulong units) => Assert.Equal(SpendOutcome.Done,
        (await Services.GetRequiredService<IBalanceLedger>().SpendAsync(AccountId.OfApp(app), units, Stop)).Outcome);

    /// <summary>A packet of a connector was fulfilled: it owes that much.</summary>
    public async Task OweAsync(string connector, ulong units) => Assert.Equal(SpendOutcome.Done,
        (await Services.GetRequiredService<IBalanceLedger>().BookAsync(
            AccountId.OfBook("owed-" + connector), units, "a-test", 1, Stop)).Outcome);

    public async Task MakeTokenAsync(string name)
    {
        var end = Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(30);
        Assert.NotNull(await Services.GetRequiredService<AdminTokens>().MakeAsync(name, AdminScopes.All, end, "settings"));
    }

    public Task<Balance> BalanceAsync(string app) => _gateway.BalanceAsync(app, Stop);

    /// <summary>Signs a page's browser in.</summary>
    public async Task SignInAsync(IPage page)
    {
        await page.GotoAsync(Url);
        await page.GetByLabel("Admin token").FillAsync(Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("#verdict").WaitForAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private static string HashOf(int app) =>
        Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(app)))[..52].Replace('0', 'g').Replace('1', 'h');
}
