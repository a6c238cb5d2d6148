using System.Net.Http.Headers;
using Codius.Web.Balances;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>
/// Pays one account packet by packet through two gateways in turn. A packet without a final reply is sent again, unchanged, through the
/// other gateway, as a connector does that has lost a reply; now and then one that was fulfilled is sent again too.
/// </summary>
internal sealed class Payer(AccountId account, SpspResponse target, IReadOnlyList<IlpOverHttpClient> gateways) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4);

    private readonly StreamKeys _keys = new(target.SharedSecret);
    private ulong _sequence;

    public AccountId Account => account;

    /// <summary>Units of the packets that were fulfilled, each counted once.</summary>
    public ulong Paid { get; private set; }

    /// <summary>Packets that were fulfilled.</summary>
    public int Packets { get; private set; }

    /// <summary>How often a packet was sent again.</summary>
    public int Repeats { get; private set; }

    /// <summary>The payment address of a pointer.</summary>
    public static async Task<SpspResponse> QueryAsync(HttpClient http, string url, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(SpspResponse.MediaType));
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return SpspResponse.TryParse(await answer.Content.ReadAsByteArrayAsync(cancellation), out var target, out _)
            ? target : throw new InvalidDataException("The answer is not one of SPSP");
    }

    public async Task PayUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (!stop.IsCancellationRequested)
        {
            await PayAsync(1_000 + _sequence % 7);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends a packet until it is fulfilled; one at a time.</summary>
    public async Task PayAsync(ulong amount)
    {
        var packet = Prepare(amount);
        var via = (int)(_sequence % 2);
        while (!await TryAsync(packet, via))
        {
            Repeats++;
            via = 1 - via;
            using var timer = new PeriodicTimer(Interval, TimeProvider.System);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        Paid += amount;
        Packets++;
        if (_sequence % 10 != 0) return;
        Repeats++;
        await TryAsync(packet, 1 - via);
    }

    public void Dispose() => _keys.Dispose();

    private async Task<bool> TryAsync(byte[] packet, int via)
    {
        var reply = await gateways[via].SendAsync(packet, CancellationToken.None);
        if (!IlpPacket.TryRead(reply.Span, out var read, out _)) return false;
        if (read is IlpFulfill) return true;
        var reject = (IlpReject)read;
        // R00: the client did not wait longer. All that begins with T is to be tried again.
        return reject.Code.ToString() is ['T', ..] or ['R', '0', '0', ..] ? false
            : throw new InvalidOperationException($"A packet of {account} was rejected: {reject.Code} {reject.Message}");
    }

    private byte[] Prepare(ulong amount)
    {
        var data = new StreamPacket
        {
            PacketType = IlpPacketType.Prepare,
            Sequence = ++_sequence,
            PrepareAmount = amount,
            Frames = [new StreamMoneyFrame(1, 1)],
        }.Seal(_keys);
        return new IlpPrepare
        {
            Amount = amount,
            ExpiresAt = TimeProvider.System.GetUtcNow() + Lifetime,
            Destination = target.DestinationAccount,
            ExecutionCondition = _keys.Fulfill(data).Condition,
            Data = data,
        }.ToArray();
    }
}
