using Interledger.Net.Ildcp;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;

namespace Interledger.Net.Tests.Vectors;

public sealed class SpspVectorTests
{
    /// <summary>
    /// Checked against the files' column "strict", exactly RFC 26. The other columns are laxer: <c>@interledger/pay</c> accepts the default
    /// port, spaces, international names and a missing host; the receipt verifier accepts anything a URL may have.
    /// </summary>
    [Theory]
    [MemberData(nameof(VectorFiles.Section), "paymentPointers", MemberType = typeof(VectorFiles))]
    public void Payment_pointers_name_one_URL_or_none(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "paymentPointers", index);
        var expected = vector.Json.GetProperty("strict").GetString();

        var taken = PaymentPointer.TryParse(vector.Text("pointer"), out var pointer, out var error);

        Assert.Equal(expected, pointer?.Url);
        Assert.Equal(expected, pointer?.ToUri().AbsoluteUri);
        Assert.Equal(taken ? WireError.None : WireError.InvalidPaymentPointer, error);
        if (!taken)
            return;
        Assert.True(PaymentPointer.TryParse(pointer!.ToString(), out var again, out _));
        Assert.Equal(pointer, again);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "ildcp", MemberType = typeof(VectorFiles))]
    public void A_parents_answer_is_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "ildcp", index);
        if (vector.Has("request"))
        {
            var request = IldcpRequest.Create(vector.Time("expiresAt"));
            Assert.Equal(vector.Text("request"), Convert.ToHexStringLower(request.ToArray()));
            Assert.Equal(vector.Text("condition"), request.ExecutionCondition.ToString());
            Assert.Equal(new IlpFulfillment(vector.Bytes("fulfillment")), IldcpRequest.Fulfillment);
            Assert.True(IlpPrepareView.TryRead(vector.Bytes("request"), out var view, out _));
            Assert.True(IldcpRequest.IsRequest(view));
            return;
        }

        var response = new IldcpResponse(
            IlpAddress.Parse(vector.Text("clientAddress")), vector.Text("assetCode"), (byte)vector.Number("assetScale"));
        Assert.Equal(vector.Text("response"), Convert.ToHexStringLower(response.ToFulfill().ToArray()));
        Assert.True(IlpFulfill.TryRead(vector.Bytes("response"), out var fulfill, out _));
        Assert.True(IldcpResponse.TryRead(fulfill.Data.Span, out var read, out _));
        Assert.Equal(response, read);
        Codec.AssertRefusesEveryPrefix(fulfill.Data.Span, bytes =>
            IldcpResponse.TryRead(bytes, out _, out var error) ? WireError.None : error);
    }
}
