using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Leases;

public sealed class FreeErrorBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LiveGateways _gateways = new();

    [Fact]
    public void There_are_so_many_a_minute()
    {
        var errors = new FreeErrorBudget(2, _gateways, _time);
        Assert.Equal([true, true, false], Uses(errors, 3));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(errors.TryUse());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(errors.TryUse());
    }

    [Fact]
    public void A_host_may_give_none() => Assert.False(new FreeErrorBudget(0, _gateways, _time).TryUse());

    [Fact]
    public void Between_two_answers_a_gateway_uses_its_share_of_what_the_host_has_left()
    {
        _gateways.Count = 2;
        var errors = new FreeErrorBudget(10, _gateways, _time);
        Assert.Equal([true, true, true, true, true, false], Uses(errors, 6));

        errors.Counted(5, ofHost: 6, TimeSpan.FromSeconds(30)); // another gateway has used one
        Assert.Equal(0, errors.Unreported);
        Assert.Equal([true, true, false], Uses(errors, 3));

        errors.Counted(0, ofHost: 6, TimeSpan.FromSeconds(30)); // an answer that counts neither of the two
        Assert.Equal(2, errors.Unreported);
        Assert.False(errors.TryUse());

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([true, true, true, true, true, false], Uses(errors, 6));
    }

    [Fact]
    public void One_that_the_ledger_has_not_counted_yet_counts_before_its_minute_has_begun_there()
    {
        var errors = new FreeErrorBudget(1, _gateways, _time);
        Assert.True(errors.TryUse());
        errors.Counted(0, ofHost: 0, TimeSpan.Zero);
        Assert.False(errors.TryUse());
        Assert.False(errors.IsUnused);

        errors.Counted(1, ofHost: 1, TimeSpan.FromSeconds(60));
        Assert.False(errors.IsUnused);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(errors.IsUnused);
    }

    private static bool[] Uses(FreeErrorBudget errors, int times) => [.. Enumerable.Range(0, times).Select(_ => errors.TryUse())];
}
