using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BoundsLoad;

/// <summary>
/// Raw connections with one request each. Writes a line when all are sent, and a line with the number of connections by each number of
/// times that the word of standard input was read on them, until its input ends.
/// </summary>
internal static class Clients
{
    private const int AtOnce = 64;

    public static async Task RunAsync(int port, int count, string host, string[] paths)
    {
        var word = Encoding.ASCII.GetBytes(paths[0]);
        var found = new int[count];
        var sockets = new Socket[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), parallel, async (number, _) =>
        {
            var socket = sockets[number] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            var path = paths[1 + number % (paths.Length - 1)];
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        });
        Console.WriteLine("sent");
        var reading = sockets.Select((socket, number) => ReadAsync(socket, word, found, number)).ToArray();
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(string.Join(' ', found.GroupBy(times => times).OrderBy(same => same.Key)
                .Select(same => $"{same.Count()}x{same.Key}")));
        }
        foreach (var socket in sockets) socket.Dispose();
        await Task.WhenAll(reading);
    }

    private static async Task ReadAsync(Socket socket, byte[] word, int[] found, int number)
    {
        try
        {
            // Words are short and answers small: one that two reads share is not expected.
            var buffer = new byte[2048];
            while (await socket.ReceiveAsync(buffer) is > 0 and var length)
            {
                for (var rest = buffer.AsSpan(0, length); rest.IndexOf(word) is >= 0 and var at; rest = rest[(at + word.Length)..])
                    Interlocked.Increment(ref found[number]);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }
}
