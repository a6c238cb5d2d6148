using System.Globalization;
using System.Numerics;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using CsCheck;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances;

/// <summary>The arithmetic of the scripts, on the two versions of Lua that stores run, compared with unbounded integers.</summary>
public abstract class AmountScripts(StoreFixture fixture)
{
    private const string Both =
        "return { add(ARGV[1], ARGV[2]), subtract(ARGV[1], ARGV[2]), tostring(compare(ARGV[1], ARGV[2])), min(ARGV[1], ARGV[2]) }";
    private const string Share =
        "local quotient, rest = share(ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])) return { quotient, rest }";

    private static readonly ulong[] Edges =
    [
        0, 1, 9, 10, 9_999_999, 10_000_000, 999_999_999_999, 1_000_000_000_000, 1_000_000_000_001,
        (1UL << 53) - 1, 1UL << 53, (1UL << 53) + 1, long.MaxValue - 1, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private static Gen<ulong> Amount { get; } =
        Gen.OneOf(Gen.Int[0, Edges.Length - 1].Select(edge => Edges[edge]), Gen.ULong, Gen.ULong[0, 1_000_000_000_000_000]);

    [Fact]
    public Task Sums_differences_and_comparisons_are_exact_to_the_last_unit() =>
        Gen.Select(Amount, Amount).SampleAsync(async pair =>
        {
            var (a, b) = (Math.Max(pair.Item1, pair.Item2), Math.Min(pair.Item1, pair.Item2));
            var texts = await RunAsync(Both, a.ToString(), b.ToString());
            return texts is [var sum, var difference, var order, var least]
                && sum == ((BigInteger)a + b).ToString() && difference == (a - b).ToString() && order == a.CompareTo(b).ToString()
                && least == b.ToString();
        }, iter: 500);

    [Fact]
    public Task Edges_are_exact_against_each_other() =>
        Gen.Const(0).SampleAsync(async _ =>
        {
            foreach (var a in Edges)
                foreach (var b in Edges.Where(b => b <= a))
                    Assert.Equal([((BigInteger)a + b).ToString(), (a - b).ToString(), a.CompareTo(b).ToString(), b.ToString()],
                        await RunAsync(Both, a.ToString(), b.ToString()));
        }, iter: 1);

    [Fact]
    public Task A_share_of_an_hour_and_what_is_left_of_it_are_exact() =>
        Gen.Select(Amount, Gen.Int[0, 240_000], Amount).SampleAsync(async drawn =>
        {
            var (a, factor, addend) = drawn;
            var texts = await RunAsync(Share, a.ToString(), factor.ToString(), addend.ToString(), "3600000");
            var quotient = BigInteger.DivRem((BigInteger)a * factor + addend, 3_600_000, out var rest);
            return texts is [var q, var r] && q == quotient.ToString() && r == rest.ToString();
        }, iter: 500);

    /// <summary>One whole interval after the other, as <c>bill-running.lua</c> bills them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(6_000_001)]
    [InlineData(long.MaxValue)]
    public async Task An_interval_costs_its_price_or_a_unit_less_and_sixty_of_them_an_hour(long perHour)
    {
        var (rest, costs) = ("0", new List<ulong>());
        for (var minute = 0; minute < 60; minute++)
        {
            var bill = await RunAsync(Share, perHour.ToString(CultureInfo.InvariantCulture), "60000", rest, "3600000");
            costs.Add(ulong.Parse(bill[0], CultureInfo.InvariantCulture));
            rest = bill[1];
        }

        var price = RunningInterval.PriceOf((ulong)perHour);
        Assert.Equal(price, costs.Max());
        Assert.True(price - costs.Min() <= 1);
        Assert.Equal((ulong)perHour, costs.Aggregate((sum, cost) => sum + cost));
    }

    private async Task<string[]> RunAsync(string script, params string[] arguments) =>
        (string[])(await fixture.Store.Database.ScriptEvaluateAsync(
            LedgerScript.Read("amounts") + script, null, [.. arguments.Select(argument => (RedisValue)argument)]))!;
}

/// <summary>On Lua 5.1.</summary>
public sealed class RedisAmountScriptTests(RedisFixture fixture) : AmountScripts(fixture), IClassFixture<RedisFixture>;

/// <summary>On Lua 5.4.</summary>
public sealed class GarnetAmountScriptTests(GarnetFixture fixture) : AmountScripts(fixture), IClassFixture<GarnetFixture>;
