using System.Net;
using Codius.Shared;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Rates;

public sealed class ClientBucketsTests
{
    private static readonly BucketRate Two = new(1, 2);
    private readonly ClientBuckets _buckets = new(new FakeTimeProvider(), Two, tracked: 100);

    [Fact]
    public void All_networks_of_one_48_together_get_the_rate_of_64_clients_and_others_still_theirs()
    {
        Assert.Equal(128, Enumerable.Range(0, 1_000).Count(i => TryAcquire($"2001:db8:1:{i:x}::1")));

        Assert.False(TryAcquire("2001:db8:1:ffff::1"));
        Assert.True(TryAcquire("2001:db8:2::1"));
        Assert.True(TryAcquire("192.0.2.1"));
    }

    [Fact]
    public void A_network_that_is_refused_by_its_own_bucket_uses_up_nothing_of_its_neighbours()
    {
        for (var i = 0; i < 1_000; i++) TryAcquire("2001:db8:1:1::1");

        Assert.Equal(126, Enumerable.Range(2, 1_000).Count(i => TryAcquire($"2001:db8:1:{i:x}::1")));
    }

    [Fact]
    public void A_flood_from_the_networks_of_one_48_does_not_give_a_client_its_burst_back()
    {
        Assert.True(TryAcquire("192.0.2.1"));
        Assert.True(TryAcquire("192.0.2.1"));
        for (var i = 0; i < 60_000; i++) TryAcquire($"2001:db8:1:{i:x}::1");

        // Twice as many as are tracked would have reset it; the /48 got no further than 64 of them.
        Assert.False(TryAcquire("192.0.2.1"));
    }

    [Fact]
    public void A_million_addresses_take_bounded_memory()
    {
        var buckets = new ClientBuckets(new FakeTimeProvider(), Two);
        var bytes = new byte[4];
        for (var i = 0; i < 1_000_000; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, i);
            buckets.TryAcquire(ClientNetwork.Of(new IPAddress(bytes)), "endpoint", Two, TimeSpan.Zero, out _);
        }

        Assert.InRange(buckets.Remembered, 1, 2 * 16_384);
    }

    private bool TryAcquire(string address) =>
        _buckets.TryAcquire(ClientNetwork.Of(IPAddress.Parse(address)), "endpoint", Two, TimeSpan.Zero, out _);
}
