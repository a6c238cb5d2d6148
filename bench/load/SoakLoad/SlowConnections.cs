using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SoakLoad;

/// <summary>Connections that are held: heads and bodies of a byte a second, event streams that are not read.</summary>
internal sealed class SlowConnections(Uri gateway, ClientAddresses addresses, Outcomes outcomes)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Holds this many until cancelled; each that ends is begun anew.</summary>
    public Task RunAsync(int count, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => HoldAsync(number, cancellation)));

    private async Task HoldAsync(int number, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var stream = await addresses.ConnectAsync(number, cancellation);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Begin(number % 3)), cancellation);
                for (var seconds = 0; ; seconds++)
                {
                    await Task.Delay(Pause, TimeProvider.System, cancellation);
                    if (number % 3 != 2) await stream.WriteAsync("a"u8.ToArray(), cancellation);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                outcomes.Add("slow connection", "ended by the gateway");
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                outcomes.Add("slow connection", "held to the end");
            }
        }
    }

    private string Begin(int kind)
    {
        var host = gateway.Authority;
        return kind switch
        {
            0 => $"GET / HTTP/1.1\r\nHost: hello.{host}\r\nX-Slow: ",
            1 => $"PUT /services/slow HTTP/1.1\r\nHost: {host}\r\n"
                + $"Authorization: Bearer {Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}"
                + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
            _ => $"GET /.well-known/codius/events HTTP/1.1\r\nHost: hello.{host}\r\n\r\n",
        };
    }
}
