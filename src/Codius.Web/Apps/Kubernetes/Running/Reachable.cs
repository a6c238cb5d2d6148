using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>Waits until an address accepts connections.</summary>
internal static class Reachable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Connects in overlapping tries: while a node's proxy learns of a new pod, a connection that begins a moment too early is neither
    /// refused nor accepted, and would cost the visit a second. The wait before the next try is a tenth of the time elapsed, so that
    /// the visit is at most a tenth later than it could be.
    /// </summary>
    public static async Task WhenConnectsAsync(Uri address, TimeProvider time, CancellationToken cancellation)
    {
        var place = new IPEndPoint(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tries = new List<Task>();
        var start = time.GetTimestamp();
        while (!connected.Task.IsCompleted && !cancellation.IsCancellationRequested)
        {
            tries.RemoveAll(ended => ended.IsCompleted);
            tries.Add(TryConnectAsync(place, connected, time, end.Token));
            var wait = TimeSpan.FromTicks(Math.Clamp(time.GetElapsedTime(start).Ticks / 10, ShortestWait.Ticks, LongestWait.Ticks));
            await Task.WhenAny(connected.Task, Task.Delay(wait, time, end.Token));
        }
        await end.CancelAsync();
        await Task.WhenAll(tries);
        cancellation.ThrowIfCancellationRequested();
    }

    private static async Task TryConnectAsync(IPEndPoint place, TaskCompletionSource connected, TimeProvider time, CancellationToken end)
    {
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var enough = new CancellationTokenSource(OneTry, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, end);
        try
        {
            await socket.ConnectAsync(place, either.Token);
            connected.TrySetResult();
        }
        catch (Exception notNow) when (notNow is SocketException or OperationCanceledException)
        {
            // The next try may succeed.
        }
    }
}
