using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;

namespace PacketLoad;

/// <summary>Packets prepared before the measurement: the same form for every receiver, encrypted for each.</summary>
internal static class Packets
{
    public static async Task PrepareAsync(string file, int count)
    {
        var receivers = new List<(IlpAddress Address, StreamKeys Keys)>();
        while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
        {
            var me = JsonDocument.Parse(line).RootElement;
            if (!StreamSecret.TryParse(me.GetProperty("secret").GetString(), out var secret, out var error))
                throw new FormatException($"{error}");
            receivers.Add((IlpAddress.Parse(me.GetProperty("address").GetString()!), new StreamKeys(secret)));
        }
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, count).Select(i =>
        {
            var (address, keys) = receivers[i % receivers.Count];
            return "/ilp " + Convert.ToHexString(Prepare(address, keys, (ulong)(i / receivers.Count)));
        }));
        foreach (var (_, keys) in receivers) keys.Dispose();
    }

    public static async Task<int> CheckAsync(Uri url, string file)
    {
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "0123456789abcdef-load");
        var request = File.ReadLines(file).First().Split(' ');
        using var body = new ByteArrayContent(Convert.FromHexString(request[1]));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await http.PostAsync(new Uri(request[0], UriKind.Relative), body);
        var reply = await response.Content.ReadAsByteArrayAsync();
        var kind = request[0] == "/ilp" ? $"{IlpPacket.PeekType(reply)}" : Encoding.ASCII.GetString(reply);
        Console.Error.WriteLine($"{(int)response.StatusCode} {kind}, {reply.Length} bytes");
        return response.IsSuccessStatusCode ? 0 : 1;
    }

    private static byte[] Prepare(IlpAddress address, StreamKeys keys, ulong sequence)
    {
        var data = new StreamPacket
        {
            PacketType = IlpPacketType.Prepare,
            Sequence = sequence,
            PrepareAmount = 1000,
            Frames = [new StreamMoneyFrame(1, 1)],
        }.Seal(keys);
        return new IlpPrepare
        {
            Amount = 1000,
            ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(30),
            ExecutionCondition = keys.Fulfill(data).Condition,
            Destination = address,
            Data = data,
        }.ToArray();
    }
}
