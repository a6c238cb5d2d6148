using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Tests.Streaming.Receiving;

public sealed class AllocationTests
{
    private const int ArrayHeader = 24;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Nothing_but_the_reply_is_allocated_for_a_packet_of_a_known_connection(bool fulfillable, bool withReceipt)
    {
        var under = new ReceiverUnderTest();
        var receipts = withReceipt ? new ReceiptSetup(ReceiptNonce.Generate(), new ReceiptSecret(new byte[32])) : null;
        var packet = ReceiverUnderTest.Prepare(
            under.Receiver.Create(ReceiverUnderTest.Claims(receipts: receipts)), 1000, 10,
            [new ConnectionNewAddressFrame(IlpAddress.Empty), new StreamMoneyFrame(1, 1)], fulfillable: fulfillable).ToArray();
        var reply = Reply();

        // A collection that other tests cause in between is counted with the thread's own; what each packet allocates is there in every
        // round.
        var least = Enumerable.Range(0, 20).Min(_ =>
        {
            const int Packets = 100;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Packets; i++)
                reply = Reply();
            return (GC.GetAllocatedBytesForCurrentThread() - before) / Packets;
        });

        Assert.Equal((reply.Length + ArrayHeader + 7) / 8 * 8, least);

        byte[] Reply()
        {
            Assert.True(under.Receiver.TryReceive(packet, out var decision, out _));
            return decision.Reply ?? decision.Money.Fulfill(1000);
        }
    }
}
