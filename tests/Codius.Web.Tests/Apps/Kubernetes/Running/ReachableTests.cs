using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes.Running;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>When a new pod can be reached at its Service, of which its node learns a moment later.</summary>
public sealed class ReachableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_refuses_is_tried_until_it_accepts()
    {
        var port = FreePort.Find();

        var reached = Reachable.WhenConnectsAsync(new Uri($"http://127.0.0.1:{port}"), TimeProvider.System, Cancellation);
        Assert.False(reached.IsCompleted);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();

        await reached.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task While_one_try_hangs_the_next_ones_begin()
    {
        // A listener whose queue is full drops packets, like a node's proxy that does not know the new pod yet.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var place = (IPEndPoint)listener.LocalEndPoint!;
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(place, Cancellation);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var time = new TriesUnderWatch();

        var reached = Reachable.WhenConnectsAsync(new Uri($"http://{place}"), time, end.Token);

        // No try has timed out here: on this clock none ever does.
        await Eventually.TrueAsync("a third try has begun", () => time.Tries >= 3);
        Assert.False(reached.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reached);
    }

    [Fact]
    public async Task Whoever_gives_up_is_let_go()
    {
        using var end = new CancellationTokenSource();
        var reached = Reachable.WhenConnectsAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}"), TimeProvider.System, end.Token);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reached);
    }

    /// <summary>
    /// A clock on which waits of a second never end and shorter ones end at once; it counts the waits of a second.
    /// </summary>
    private sealed class TriesUnderWatch : TimeProvider
    {
        private int _tries;

        public int Tries => Volatile.Read(ref _tries);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.FromSeconds(1)) return base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _tries);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
