using System.Diagnostics;
using System.Net;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting.Rates;
using Codius.Web.Payments;
using Codius.Web.Payments.HostWallet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>How often the host's wallet is called for payments that nobody pays. The table is in <c>bench/README.md</c>.</summary>
public sealed class CallsToWalletTests : IAsyncLifetime
{
    private const int Seconds = 3600;
    private const int CallsASecond = 10;
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(20);

    // What is measured is how often, and each write to a disk only makes it last longer.
    private readonly RedisServer _redis = new("--appendfsync", "no");
    private readonly CountingWallet _wallet = new();
    private readonly FakeTimeProvider _clock = new();
    private PayableGateway _gateway = null!;
    private WalletCallBudget _budget = null!;

    private WalletPaymentSchedule Schedule => _gateway.Services.GetRequiredService<WalletPaymentSchedule>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(Stop);
        _gateway = await PayableGateway.StartAsync(_redis, [$"Payments:Wallet={CountingWallet.Pointer}"], services =>
            services.AddSingleton(provider => new ReceivingClient(
                new WalletCalls(new HttpClient(_wallet), insecure: false, provider.GetRequiredService<MessageSigner>()),
                new ClientIdentity(provider.GetRequiredService<MessageSigner>().PublicJwk, null), _clock)));
        // The test makes the rounds, an hour of them.
        await _gateway.Services.GetRequiredService<WalletLooks>().StopAsync(Stop);
        _budget = new WalletCallBudget(
            Options.Create(new PaymentsOptions { WalletCalls = CallsASecond }), new LiveGateways(), _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(1, 120, 125)]
    [InlineData(100, 11_000, 12_500)]
    [InlineData(10_000, 35_000, (Seconds + 1) * CallsASecond)]
    public async Task Idle_payments_are_read_within_the_budget_and_one_that_is_hinted_at_before_all_of_them(int open, int least, int most)
    {
        foreach (var some in Enumerable.Range(0, open).Select(_ => New("idle")).Chunk(500))
            Assert.All(await Task.WhenAll(some.Select(payment => Schedule.TryOpenAsync(payment, IPAddress.Loopback, hot: false).AsTask())),
                Assert.True);
        var start = Stopwatch.GetTimestamp();
        var busiest = 0;

        for (var second = 1; second <= Seconds; second++) busiest = Math.Max(busiest, (await RoundAsync(second, start)).Count);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{open} open: {_wallet.CountOf("read")} reads, {_wallet.CountOf("grant")} grants, {_wallet.CountOf("rotate")} rotated tokens, "
            + $"at most {busiest} reads a second");
        Assert.InRange(_wallet.CountOf("read"), least, most);
        Assert.InRange(busiest, 1, CallsASecond);
        // A token of ten minutes is replaced when a quarter of its life is left.
        Assert.Equal((1, 7), (_wallet.CountOf("grant"), _wallet.CountOf("rotate")));

        var honest = New("honest");
        Assert.True(await Schedule.TryOpenAsync(honest, IPAddress.Parse("198.51.100.1"), hot: false));
        await Schedule.HintAsync(honest.Id);
        Assert.Contains(honest.Id, await RoundAsync(Seconds + 1, start));
    }

    [Theory]
    [InlineData("honest")]
    [InlineData("other")]
    public async Task A_stranger_that_makes_payments_without_end_does_not_delay_an_honest_payers(string ofAccount)
    {
        var (start, stranger) = (Stopwatch.GetTimestamp(), IPAddress.Parse("203.0.113.9"));
        var (turns, made) = (new List<Task<bool>>(), new List<Guid>());
        for (var second = 1; second <= 300; second++)
        {
            turns.AddRange(Enumerable.Range(0, 10).Select(_ => _budget.WaitAsync(stranger, Stop)));
            foreach (var turn in turns.Where(turn => turn.IsCompleted).ToArray())
            {
                turns.Remove(turn);
                var payment = New(ofAccount);
                if (await turn && await Schedule.TryOpenAsync(payment, stranger, hot: _budget.TryHint(stranger))) made.Add(payment.Id);
            }
            foreach (var id in made.TakeLast(10))
                if (_budget.TryHint(stranger)) await Schedule.HintAsync(id);
            await RoundAsync(second, start);
        }

        var honest = New("honest");
        Assert.True(await Schedule.TryOpenAsync(honest, IPAddress.Parse("198.51.100.1"), hot: false));
        await Schedule.HintAsync(honest.Id);
        var waited = 1;
        while (!(await RoundAsync(300 + waited, start)).Contains(honest.Id) && waited < 300) waited++;
        TestContext.Current.TestOutputHelper?.WriteLine($"{made.Count} of {ofAccount} made: the honest one waited {waited} s");
        Assert.InRange(waited, 1, 2);
    }

    /// <summary>What a gateway does in a second; the store's clock goes with it.</summary>
    private async Task<IReadOnlyList<Guid>> RoundAsync(int second, long start)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        Schedule.Ahead = TimeSpan.FromSeconds(second) - Stopwatch.GetElapsedTime(start);
        var calls = _budget.Acquire(64);
        var (looks, _) = await Schedule.ClaimAsync(calls, HeldFor);
        var look = _gateway.Services.GetRequiredService<WalletLook>();
        await Task.WhenAll(looks.Select(due => look.LookAsync(due, TimeProvider.System.GetTimestamp(), Stop)));
        _budget.Return(calls - looks.Count);
        return [.. looks.Select(due => due.Payment.Id)];
    }

    private static WalletPayment New(string account)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new WalletPayment(Guid.NewGuid(), AccountId.OfApp(account), "aclient", new Uri(CountingWallet.Payments + Guid.NewGuid()),
            "test.wallet.one", "c2VjcmV0", null, now, now + TimeSpan.FromDays(29), "terms");
    }
}
