using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Interledger.Net.Oer;
using Interledger.Net.Packets;

namespace Interledger.Net.Ildcp;

/// <summary>
/// The IL-DCP response (RFC 31): a node's address and asset, in the data of a Fulfill.
/// <code>
/// +----------------------+----------+-----------------------+
/// | client address (var) | scale u8 | asset code (var UTF8) |
/// +----------------------+----------+-----------------------+
/// </code>
/// </summary>
/// <param name="ClientAddress">The node's own ILP address.</param>
/// <param name="AssetCode">The asset of the link to the parent, such as <c>USD</c>.</param>
/// <param name="AssetScale">A unit is 10^-scale of the asset; 0 to 255.</param>
public sealed record IldcpResponse(IlpAddress ClientAddress, string AssetCode, byte AssetScale)
{
    /// <summary>Reads a response.</summary>
    /// <param name="data">The data of the Fulfill.</param>
    /// <param name="response">The response.</param>
    /// <param name="error">
    /// Why not: an OER error, <see cref="WireError.InvalidAddress"/>, <see cref="WireError.InvalidText"/> or
    /// <see cref="WireError.TrailingBytes"/>.
    /// </param>
    /// <returns>False if it is not valid.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out IldcpResponse? response, out WireError error)
    {
        var reader = new OerReader(data);
        IlpAddress address = default;
        byte scale = 0;
        ReadOnlySpan<byte> code = default;
        var valid = reader.TryReadVarOctetString(out var ascii)
            && (IlpAddress.TryParse(ascii, out address) || reader.Fail(WireError.InvalidAddress))
            && reader.TryReadUInt8(out scale)
            && reader.TryReadVarOctetString(out code)
            && (Utf8.IsValid(code) || reader.Fail(WireError.InvalidText))
            && reader.TryFinish();
        error = reader.Error;
        response = valid ? new IldcpResponse(address, Encoding.UTF8.GetString(code), scale) : null;
        return valid;
    }

    /// <summary>Writes the response as a parent sends it.</summary>
    /// <returns>A Fulfill of <see cref="IldcpRequest.Condition"/>.</returns>
    public IlpFulfill ToFulfill()
    {
        var code = Encoding.UTF8.GetBytes(AssetCode);
        var data = new byte[OerWriter.SizeOfVarOctetString(ClientAddress.Length) + 1 + OerWriter.SizeOfVarOctetString(code.Length)];
        var writer = new OerWriter(data);
        writer.TryWriteVarOctetString(Encoding.ASCII.GetBytes(ClientAddress.ToString()));
        writer.TryWriteUInt8(AssetScale);
        writer.TryWriteVarOctetString(code);
        return new IlpFulfill { Fulfillment = IldcpRequest.Fulfillment, Data = data };
    }
}
