namespace Interledger.Net.Tests.Vectors;

/// <summary>
/// Where the JavaScript peers are lax and this library is not, case by case. Anything else they accept must be accepted here too, with the
/// same meaning.
/// </summary>
internal static class Strictness
{
    private static readonly Dictionary<string, WireError> Cases = new()
    {
        // RFC 30: the canonical form is the shortest; oer-utils skips leading zeros.
        ["varUIntDecode/leading zero"] = WireError.LeadingZero,
        ["varUIntDecode/zero in two bytes"] = WireError.LeadingZero,
        ["varUIntDecode/eight bytes with leading zero"] = WireError.LeadingZero,
        ["streamOdd/sequence with leading zero"] = WireError.LeadingZero,

        // Bytes after a packet are invalid; ilp-packet does not check them.
        ["varOctetStringDecode/trailing byte"] = WireError.TrailingBytes,
        ["ilpOdd/prepare with a trailing byte"] = WireError.TrailingBytes,
        ["ilpOdd/fulfill with a trailing byte"] = WireError.TrailingBytes,
        ["ilpOdd/reject with a trailing byte"] = WireError.TrailingBytes,

        // Dates that do not exist: ilp-packet lets them roll over into the next month, day or minute.
        ["ilpOdd/expiresAt \"20171323012140549\""] = WireError.InvalidExpiry,
        ["ilpOdd/expiresAt \"20170023012140549\""] = WireError.InvalidExpiry,
        ["ilpOdd/expiresAt \"20170230012140549\""] = WireError.InvalidExpiry,
        ["ilpOdd/expiresAt \"20171223250000000\""] = WireError.InvalidExpiry,
        ["ilpOdd/expiresAt \"20171223236060000\""] = WireError.InvalidExpiry,
        ["ilpOdd/expiresAt \"                 \""] = WireError.InvalidExpiry,
        ["ilpOdd/expiresAt \"00000000000000000\""] = WireError.InvalidExpiry,

        // ilp-packet masks each byte to seven bits, so that this address reads as g.d: another receiver's.
        ["ilpOdd/destination \"g.ä\""] = WireError.InvalidAddress,

        // RFC 27: at most 32,767 bytes of data; ilp-packet has no limit.
        ["ilpPrepare/data of 32768 bytes"] = WireError.DataTooLong,
        ["ilpPrepare/data of 65535 bytes"] = WireError.DataTooLong,
        ["ilpPrepare/data of 65536 bytes"] = WireError.DataTooLong,
    };

    /// <summary>The errors for which vector files may have cases that JavaScript accepts and this library does not.</summary>
    private static readonly HashSet<WireError> Reasons = [.. Cases.Values];

    /// <summary>Checks the result of a case: refused with the error listed here, or else equal to JavaScript's.</summary>
    /// <returns>True if it was accepted, so that its meaning must be compared.</returns>
    public static bool Judge(Vector vector, bool javaScriptTakesIt, bool taken, WireError error)
    {
        Assert.Equal(taken, error == WireError.None);
        if (vector.File == VectorFiles.Own)
        {
            var strict = Cases.GetValueOrDefault($"{vector.Section}/{vector.Name}");
            if (strict != WireError.None)
            {
                Assert.True(javaScriptTakesIt, "a case where the JavaScript peers are lax");
                Assert.Equal(strict, error);
                return false;
            }

            Assert.True(javaScriptTakesIt == taken, $"JavaScript takes it: {javaScriptTakesIt}; here: {error}");
        }
        else if (javaScriptTakesIt)
        {
            Assert.True(taken || Reasons.Contains(error), $"JavaScript takes it; here: {error}");
        }
        else
        {
            Assert.False(taken);
        }

        return taken;
    }

    /// <summary>The listed cases, for a test that none of them is out of date.</summary>
    public static IEnumerable<string> All => Cases.Keys;
}
