using System.Net.Http.Headers;
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
        var me = JsonDocument.Parse(await Console.In.ReadLineAsync() ?? "{}").RootElement;
        var address = IlpAddress.Parse(me.GetProperty("address").GetString()!);
        if (!StreamSecret.TryParse(me.GetProperty("secret").GetString(), out var secret, out var error))
            throw new FormatException($"{error}");

        using var keys = new StreamKeys(secret);
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, count).Select(i => Convert.ToHexString(Prepare(address, keys, (ulong)i))));
    }

    public static async Task<int> CheckAsync(Uri url, string file)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "load");
        using var body = new ByteArrayContent(Convert.FromHexString(File.ReadLines(file).First()));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await http.PostAsync(url, body);
        var reply = await response.Content.ReadAsByteArrayAsync();
        Console.Error.WriteLine($"{(int)response.StatusCode} {IlpPacket.PeekType(reply)}, {reply.Length} bytes");
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
            ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(4),
            ExecutionCondition = keys.Fulfill(data).Condition,
            Destination = address,
            Data = data,
        }.ToArray();
    }
}
