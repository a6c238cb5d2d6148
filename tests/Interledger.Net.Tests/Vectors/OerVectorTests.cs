using System.Security.Cryptography;
using Interledger.Net.Oer;

namespace Interledger.Net.Tests.Vectors;

public sealed class OerVectorTests
{
    [Theory]
    [MemberData(nameof(VectorFiles.Section), "varUInt", MemberType = typeof(VectorFiles))]
    public void VarUInts_are_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "varUInt", index);
        var (value, encoded) = (vector.Number("value"), vector.Bytes("encoded"));

        Assert.Equal(encoded.Length, OerWriter.SizeOfVarUInt(value));
        Codec.AssertWritesOer(encoded, (ref writer) => writer.TryWriteVarUInt(value));
        Assert.Equal(WireError.None, ReadVarUInt(encoded, out var read));
        Assert.Equal(value, read);
        Codec.AssertRefusesEveryPrefix(encoded, bytes => ReadVarUInt(bytes, out _));
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "varUIntDecode", MemberType = typeof(VectorFiles))]
    public void Odd_VarUInts_are_refused_by_name(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "varUIntDecode", index);

        var error = ReadVarUInt(vector.Bytes("encoded"), out var value);

        if (Strictness.Judge(vector, vector.JavaScriptTakesIt, error == WireError.None, error))
            Assert.Equal(Vector.NumberOf(vector.Json.GetProperty("js").GetProperty("ok")), value);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "varOctetString", MemberType = typeof(VectorFiles))]
    public void VarOctetStrings_are_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "varOctetString", index);
        var contents = new byte[(int)vector.Number("length")];
        Array.Fill(contents, vector.Bytes("fill")[0]);
        var encoded = vector.Bytes("prefix").Concat(contents).ToArray();
        Assert.Equal(vector.Text("sha256"), Convert.ToHexStringLower(SHA256.HashData(encoded)));

        Assert.Equal(encoded.Length, OerWriter.SizeOfVarOctetString(contents.Length));
        Codec.AssertWritesOer(encoded, (ref writer) => writer.TryWriteVarOctetString(contents));
        Assert.Equal(WireError.None, ReadVarOctetString(encoded, out var read));
        Assert.Equal(contents, read);
        Codec.AssertRefusesEveryPrefix(encoded, bytes => ReadVarOctetString(bytes, out _));
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "varOctetStringDecode", MemberType = typeof(VectorFiles))]
    public void Odd_VarOctetStrings_are_refused_by_name(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "varOctetStringDecode", index);

        var error = ReadVarOctetString(vector.Bytes("encoded"), out var value);

        if (Strictness.Judge(vector, vector.JavaScriptTakesIt, error == WireError.None, error))
            Assert.Equal(vector.Json.GetProperty("js").GetProperty("ok").GetString(), Convert.ToHexStringLower(value));
    }

    private static WireError ReadVarUInt(ReadOnlySpan<byte> bytes, out ulong value)
    {
        var reader = new OerReader(bytes);
        _ = reader.TryReadVarUInt(out value) && reader.TryFinish();
        return reader.Error;
    }

    private static WireError ReadVarOctetString(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        var reader = new OerReader(bytes);
        _ = reader.TryReadVarOctetString(out value) && reader.TryFinish();
        return reader.Error;
    }
}
