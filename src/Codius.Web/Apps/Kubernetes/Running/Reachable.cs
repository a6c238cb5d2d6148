using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>Tells when an address accepts connections.</summary>
internal static class Reachable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(1);

    public static async Task WhenConnectsAsync(Uri address, TimeProvider time, CancellationToken cancellation)
    {
        var place = new IPEndPoint(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port);
        for (var wait = ShortestWait; !await TryConnectAsync(place, time, cancellation); wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            await Task.Delay(wait, time, cancellation);
    }

    private static async Task<bool> TryConnectAsync(IPEndPoint place, TimeProvider time, CancellationToken cancellation)
    {
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var enough = new CancellationTokenSource(OneTry, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellation);
        try
        {
            await socket.ConnectAsync(place, either.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
