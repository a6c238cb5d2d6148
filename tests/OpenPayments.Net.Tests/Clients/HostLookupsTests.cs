using System.Net;
using System.Net.Sockets;
using OpenPayments.Net.Clients;

namespace OpenPayments.Net.Tests.Clients;

/// <summary>Names whose name servers are silent block threads of their own, so many at most.</summary>
public sealed class HostLookupsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silent_name_servers_of_strangers_block_no_thread_of_the_pool_and_no_look_up_of_a_known_host()
    {
        using var answers = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(HostLookups.Strangers);
        var onPool = 0;
        var lookups = new HostLookups(host =>
        {
            if (host == "known.example") return [IPAddress.Loopback];
            if (Thread.CurrentThread.IsThreadPoolThread) Interlocked.Increment(ref onPool);
            blocked.Signal();
            answers.Wait(Stop);
            return [IPAddress.Loopback];
        });

        var strangers = Enumerable.Range(0, HostLookups.Strangers).Select(i => lookups.FindAsync($"h{i}.example", false, Stop)).ToArray();
        blocked.Wait(Stop);
        using var patience = new CancellationTokenSource();
        var oneMore = lookups.FindAsync("one-more.example", false, patience.Token);
        Assert.Equal([IPAddress.Loopback], await lookups.FindAsync("known.example", true, Stop));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => oneMore);

        answers.Set();
        Assert.All(await Task.WhenAll(strangers), addresses => Assert.Equal([IPAddress.Loopback], addresses));
        Assert.Equal(0, onPool);
    }

    [Fact]
    public async Task A_host_that_cannot_be_looked_up_has_no_address_and_gives_its_place_back()
    {
        var lookups = new HostLookups(_ => throw new SocketException((int)SocketError.HostNotFound));

        for (var i = 0; i < 2 * HostLookups.Strangers; i++) Assert.Empty(await lookups.FindAsync("nobody.example", false, Stop));
    }
}
