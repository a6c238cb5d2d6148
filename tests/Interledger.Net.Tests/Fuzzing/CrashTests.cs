using Interledger.Net.Spsp;

namespace Interledger.Net.Tests.Fuzzing;

/// <summary>What fuzzing once found, byte by byte; and every target with empty input, and with long repeated input.</summary>
public sealed class CrashTests
{
    [Theory]
    [MemberData(nameof(FuzzTests.Targets), MemberType = typeof(FuzzTests))]
    public void Nothing_and_much_of_the_same_byte_break_no_decoder(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);
        target.Check([]);
        for (var value = 0; value < 256; value++)
        {
            foreach (var length in (int[])[1, 2, 8, 9, 28, 58, 100, 3000])
            {
                var input = new byte[length];
                Array.Fill(input, (byte)value);
                target.Check(input);
            }
        }
    }

    [Theory]
    [InlineData("$0")] // 24 30: '$', and the digit that .NET and browsers read as 0.0.0.0
    [InlineData("$127.1")]
    [InlineData("$2130706433")]
    [InlineData("$0x7f000001/pay")]
    [InlineData("$example.0X1")]
    [InlineData("$010.1.1.1")]
    public void A_payment_pointer_is_no_IPv4_address_in_disguise(string text) =>
        Assert.False(PaymentPointer.TryParse(text, out _, out _));

    [Theory]
    // 24 61 6b 63 6f 6e 2e 6f 6f 70 6f 2e 5f 6d 64: an underscore, which .NET's Uri accepts in some places of a host
    [InlineData("$akcon.oopo._md")]
    [InlineData("$_.example")]
    [InlineData("$a_b.example")]
    public void A_payment_pointers_host_has_no_underscores(string text) =>
        Assert.False(PaymentPointer.TryParse(text, out _, out _));
}
