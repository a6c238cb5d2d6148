using System.Collections.Concurrent;
using System.Globalization;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Journey;

/// <summary>The main use case, end to end, as a person sees it: in a real browser, against the started program.</summary>
public sealed class JourneyTests(Chrome chrome)
{
    // At scale 9: a request is 0.001, the first minute awake 0.01.
    private const ulong Price = 1_000_000;
    private const ulong Minute = 10_000_000;
    private const ulong Paid = 60_000_000;

    [Theory]
    [InlineData("Garnet", "Direct")]
    [InlineData("Garnet", "Wallet")]
    [InlineData("Redis", "Direct")]
    [InlineData("Redis", "Wallet")]
    public async Task A_visitor_pays_the_app_wakes_is_used_up_sleeps_and_asks_again(string store, string mode)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var redis = store == "Redis" ? new RedisServer() : null;
        if (redis is not null) await redis.StartAsync(cancellation);
        var (port, management) = (FreePort.Find(), FreePort.Find());
        List<string> settings = ["Prices:PerRequest=0.001", "Prices:PerRunningHour=0.6",
            "Prices:OpenAt=0.02", "Sleeping:Grace=00:00:02", $"Payments:Mode={mode}"];
        if (mode == "Wallet") settings.Add($"Payments:Wallet=$wallet.localhost:{port}");
        if (redis is not null) settings.Add($"Redis:ConnectionString={redis.ConnectionString}");
        Task<StartedProgram> StartAsync() => StartedProgram.StartAsync(port, management, folder.Path, settings, cancellation);

        await using var first = await StartAsync();
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var (page, visits) = (await context.NewPageAsync(), new Visits());
        ulong before;
        try
        {
            // Before the host's wallet is known, the 402 shows no way to pay and comes again by itself.
            await AsksToBePaidAsync(page, first);
            page.Response += visits.Note;
            Assert.False(first.HasApps);
            await PayAsync(page, first, "0.06");
            await AppearsWithoutAReloadByHandAsync(page, visits, first);
            before = await GoesDownWithEachRequestAsync(page, first, cancellation);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException("The program wrote:\n" + first.Log, failure);
        }

        Assert.Equal(0, await first.StopAsync(cancellation));

        await using var second = await StartAsync();
        try
        {
            Assert.Equal(before, (await second.ReadAsync(cancellation)).Balance);
            await WalletHasKeptItsHistoryAsync(context, second);
            await IsUsedUpAndSleepsAsync(page, second, cancellation);
            await AsksToBePaidAsync(page, second);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException("The program wrote:\n" + second.Log, failure);
        }
        Assert.Equal(0, await second.StopAsync(cancellation));
    }

    private static async Task AsksToBePaidAsync(IPage page, StartedProgram program)
    {
        var answer = await page.GotoAsync(program.HelloUrl + "/");
        Assert.Equal(402, answer!.Status);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("hello runs on small payments");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Waiting for a payment.");
    }

    private static async Task PayAsync(IPage page, StartedProgram program, string amount)
    {
        var wallet = await page.RunAndWaitForPopupAsync(() =>
            page.GetByRole(AriaRole.Link, new() { Name = "Pay with the sandbox wallet" }).ClickAsync());
        await Expect(wallet.GetByLabel("To", new() { Exact = true })).ToHaveValueAsync("$" + new Uri(program.HelloUrl).Authority);
        await Expect(wallet.GetByLabel("Amount in USD")).ToHaveValueAsync("0.82");
        await wallet.GetByLabel("Amount in USD").FillAsync(amount);
        await wallet.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();
        await Expect(wallet.GetByRole(AriaRole.Status)).ToContainTextAsync($"Paid {amount} USD to $hello.localhost");
        await Expect(wallet.Locator("#balance")).ToHaveTextAsync("9.94 USD");
        await wallet.CloseAsync();
    }

    private static async Task AppearsWithoutAReloadByHandAsync(IPage page, Visits visits, StartedProgram program)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello!" })).ToBeVisibleAsync();
        Assert.Equal([503, 200], visits.Pages);
        Assert.True(program.HasApps);
    }

    // The first minute awake, and each request that the app answered; the waiting page and the 402 were free.
    private static Task<ulong> BalanceAddsUpAsync(StartedProgram program, ulong charged, CancellationToken cancellation) =>
        Eventually.TrueAsync("the balance is what was paid less what was used", async () =>
        {
            var (balance, _) = await program.ReadAsync(cancellation);
            var requests = await program.ChargedAsync(cancellation);
            return requests >= charged && balance == Paid - Minute - (Price * requests) ? balance : (ulong?)null;
        });

    private static async Task<ulong> GoesDownWithEachRequestAsync(IPage page, StartedProgram program, CancellationToken cancellation)
    {
        // The page, its two scripts, style sheet and picture.
        var before = await BalanceAddsUpAsync(program, 5, cancellation);
        var fast = page.GetByRole(AriaRole.Button, new() { Name = "Fast" });
        for (var click = 0; click < 3; click++) await page.RunAndWaitForResponseAsync(() => fast.ClickAsync(), "**/hello.svg");
        var after = await BalanceAddsUpAsync(program, ((Paid - Minute - before) / Price) + 3, cancellation);
        await Expect(page.Locator("#balance")).ToHaveTextAsync(Text(after));
        return after;
    }

    private static async Task WalletHasKeptItsHistoryAsync(IBrowserContext context, StartedProgram program)
    {
        var wallet = await context.NewPageAsync();
        await wallet.GotoAsync(program.WalletUrl + "/");
        await Expect(wallet.Locator("#balance")).ToHaveTextAsync("9.94 USD");
        await Expect(wallet.GetByRole(AriaRole.Listitem)).ToContainTextAsync("0.06 USD");
        await wallet.CloseAsync();
    }

    private static async Task IsUsedUpAndSleepsAsync(IPage page, StartedProgram program, CancellationToken cancellation)
    {
        await page.GotoAsync(program.HelloUrl + "/");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello!" })).ToBeVisibleAsync();
        var last = await page.EvaluateAsync<int>(
            "async () => { for (;;) { const answer = await fetch('/hello.svg', { cache: 'no-store' }); " +
            "if (!answer.ok) return answer.status; } }");
        Assert.Equal(402, last);
        await Eventually.TrueAsync("the app is asleep", async () =>
            (await program.ReadAsync(cancellation)).State == "asleep" ? true : (bool?)null);
        await Eventually.TrueAsync("the app's process is gone", () => !program.HasApps);
        Assert.True((await program.ReadAsync(cancellation)).Balance < Price);
    }

    private static string Text(ulong units)
    {
        var digits = units.ToString("D10", CultureInfo.InvariantCulture);
        return $"{digits[..^9]}.{digits[^9..].TrimEnd('0')}";
    }

    /// <summary>The answers that the browser got.</summary>
    private sealed class Visits
    {
        private readonly ConcurrentQueue<IResponse> _responses = new();

        /// <summary>Statuses of the page itself, in order.</summary>
        public IReadOnlyList<int> Pages =>
            [.. _responses.Where(response => response.Request.IsNavigationRequest).Select(response => response.Status)];

        public void Note(object? sender, IResponse response) => _responses.Enqueue(response);
    }
}
