using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.Grants;

namespace OpenPayments.Net.Tests.Grants;

public sealed class InMemoryCancelledGrantsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCancelledGrants _grants;

    public InMemoryCancelledGrantsTests() => _grants = new InMemoryCancelledGrants(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grant_or_a_token_is_cancelled_once()
    {
        Assert.True(await CancelAsync("token"));
        Assert.False(await CancelAsync("token"));

        Assert.True(await _grants.IsCancelledAsync("grant", "token", Stop));
        Assert.False(await _grants.IsCancelledAsync("grant", "other", Stop));
    }

    [Fact]
    public async Task Its_memory_is_bounded_and_what_was_cancelled_first_is_forgotten()
    {
        for (var i = 0; i <= 100_000; i++) Assert.True(await CancelAsync($"{i}"));

        Assert.False(await _grants.IsCancelledAsync("0", "0", Stop));
        Assert.True(await _grants.IsCancelledAsync("1", "1", Stop));
    }

    private ValueTask<bool> CancelAsync(string id) => _grants.CancelAsync(id, _time.GetUtcNow().AddDays(1), null, Stop);
}
