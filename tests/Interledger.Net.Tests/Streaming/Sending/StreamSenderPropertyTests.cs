using CsCheck;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Sending;
using Interledger.Net.Tests.Interop;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>Whatever the path does, sender, connector and receiver agree on every unit, and the minimum rate holds.</summary>
public sealed class StreamSenderPropertyTests
{
    private static readonly Gen<Case> Cases =
        from amount in Gen.OneOf(Gen.ULong[0, 100], Gen.ULong[0, 1_000_000])
        from maxPacket in Gen.ULong[(amount / 50) + 1, 2_000_000]
        from delivered in Gen.ULong[1, 5_000]
        from sent in Gen.ULong[1, 5_000]
        from drift in Gen.ULong[0, 3]
        from deliver in Gen.Bool
        from inFlight in Gen.Int[1, 20]
        from seed in Gen.Int
        select new Case(amount, maxPacket, delivered, sent, drift, deliver, inFlight, seed);

    [Fact]
    public Task Every_unit_is_accounted_for() => Cases.SampleAsync(CheckAsync, iter: 300, threads: 2);

    private static async Task CheckAsync(Case with)
    {
        var receiver = new OurReceiver();
        var path = new TestConnector(new Direct(receiver), new NetworkFaults(with.Seed)
        {
            MaxPacket = with.MaxPacket,
            Rates = [new(with.Delivered, with.Sent), new(with.Delivered * 1000, (with.Sent * 1000) + (with.Drift * with.Sent))],
            PacketsPerRate = 7,
        })
        {
            Client = new(IlpAddress.Parse("test.connector.payer"), "XYZ", 9),
        };
        var (address, secret) = receiver.Create("one");
        PaymentResult result;
        await using (var sender = new StreamSender(path, address, secret, new StreamSenderOptions { MaxPacketsInFlight = with.InFlight }))
        {
            result = with.Deliver
                ? await sender.DeliverAsync(with.Amount, ulong.MaxValue, TestContext.Current.CancellationToken)
                : await sender.SendAsync(with.Amount, TestContext.Current.CancellationToken);
        }

        Assert.Equal((path.Debited, path.Credited), (result.Sent, result.Delivered));
        Assert.Equal(path.Credited, receiver.BalanceOf("one"));
        // One per cent below the rate that probing shows, and one unit of each packet for rounding.
        Assert.True(((UInt128)result.Delivered + path.Fulfilled) * with.Sent * 1000 >= (UInt128)result.Sent * with.Delivered * 985,
            $"{result.Delivered} for {result.Sent}");
        if (result.Ending == PaymentEnding.Completed)
            Assert.True(with.Deliver ? result.Delivered >= with.Amount : result.Sent == with.Amount);
        else Assert.True(result.Ending is PaymentEnding.RateTooLow or PaymentEnding.SourceLimitReached,
            $"{result.Ending} {result.LastCode}");
    }

    private sealed record Case(
        ulong Amount, ulong MaxPacket, ulong Delivered, ulong Sent, ulong Drift, bool Deliver, int InFlight, int Seed);

    private sealed class Direct(OurReceiver receiver) : IIlpSender
    {
        public ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken)
        {
            Assert.True(IlpPrepareView.TryRead(prepare.Span, out var view, out _));
            return receiver.AsHandler()(view, "connector", cancellationToken);
        }
    }
}
