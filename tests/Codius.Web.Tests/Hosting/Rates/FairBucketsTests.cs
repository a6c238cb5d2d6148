using System.Net;
using Codius.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Rates;

public sealed class FairBucketsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FairBuckets<string> _buckets;

    public FairBucketsTests() => _buckets = new(_time, whole: new(40, 400), perParty: new(10, 100), seldom: new(1, 2, Seconds: 10));

    [Fact]
    public void One_party_uses_no_more_than_its_part_whatever_the_number_of_its_networks()
    {
        Assert.Equal(100, Count(1_000, i => $"2001:db8:1:{i:x}::1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Count(1_000, i => $"2001:db8:1:{i:x}::1"));
        Assert.Equal(100, Count(1_000, _ => "192.0.2.1"));
    }

    [Fact]
    public void However_many_tokens_a_few_parties_use_one_that_asks_seldom_has_some()
    {
        for (var second = 0; second < 100; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var party = 0; party < 20; party++) Count(30, _ => $"198.51.100.{party}");
        }

        Assert.False(TryAcquire("198.51.100.1"));
        Assert.Equal(2, Count(10, _ => "192.0.2.1"));
        _time.Advance(TimeSpan.FromSeconds(9));
        for (var party = 0; party < 20; party++) Count(300, _ => $"198.51.100.{party}");
        Assert.False(TryAcquire("192.0.2.1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var party = 0; party < 20; party++) Count(300, _ => $"198.51.100.{party}");
        Assert.True(TryAcquire("192.0.2.1"));
    }

    [Fact]
    public void All_parties_together_have_the_whole_and_each_subject_its_own()
    {
        Assert.Equal(400, Count(1_000, i => $"198.51.{i / 256}.{i % 256}"));
        Assert.True(_buckets.TryAcquire(ClientNetwork.Of(IPAddress.Parse("192.0.2.1")), "another", servers: 1, out _));
    }

    [Fact]
    public void Of_two_servers_each_gives_half() =>
        Assert.Equal(50, Count(1_000, _ => "192.0.2.1", servers: 2));

    [Fact]
    public void Who_is_refused_is_told_when_to_come_again()
    {
        Count(100, _ => "192.0.2.1");

        Assert.False(_buckets.TryAcquire(ClientNetwork.Of(IPAddress.Parse("192.0.2.1")), "subject", servers: 1, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);
    }

    private int Count(int times, Func<int, string> from, int servers = 1) =>
        Enumerable.Range(0, times).Count(i => TryAcquire(from(i), servers));

    private bool TryAcquire(string from, int servers = 1) =>
        _buckets.TryAcquire(ClientNetwork.Of(IPAddress.Parse(from)), "subject", servers, out _);
}
