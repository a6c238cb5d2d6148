using System.Globalization;
using System.Text;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>What the script says of one credit.</summary>
/// <param name="Outcome">The outcome's word.</param>
/// <param name="Increase">Units credited by this call.</param>
/// <param name="Funds">The account's funds after it.</param>
/// <param name="Room">If it was refused for lack of room: what there is room for.</param>
/// <param name="Total">The receipt's total.</param>
/// <param name="TotalEnds">When the record of a packet's receipt ends, if it is to be counted, in milliseconds since 1970; else 0.</param>
/// <param name="PaymentCount">How many incoming payments the account keeps, if they are to be counted; else 0.</param>
/// <param name="CountedFor">What was credited to the account, if its payments are to be counted.</param>
internal sealed record CreditAnswer(
    string Outcome, ulong Increase, ulong Funds, ulong Room, ulong Total, long TotalEnds, long PaymentCount, ulong CountedFor)
{
    private const int Fields = 8;

    /// <summary>Reads the script's text: the fields, separated by commas.</summary>
    public static CreditAnswer Parse(ReadOnlySpan<byte> text)
    {
        Span<Range> fields = stackalloc Range[Fields];
        var count = 0;
        foreach (var field in text.Split((byte)','))
        {
            if (count == Fields) throw Unreadable(text);
            fields[count++] = field;
        }
        if (count != Fields) throw Unreadable(text);
        return new CreditAnswer(
            Word(text[fields[0]]), Number(text[fields[1]]), Number(text[fields[2]]), Number(text[fields[3]]),
            Number(text[fields[4]]), (long)Number(text[fields[5]]), (long)Number(text[fields[6]]), Number(text[fields[7]]));
    }

    private static FormatException Unreadable(ReadOnlySpan<byte> text) =>
        new($"'{Encoding.UTF8.GetString(text)}' is not the answer to a credit");

    private static ulong Number(ReadOnlySpan<byte> field) => ulong.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Word(ReadOnlySpan<byte> word) => word.SequenceEqual("credited"u8) ? "credited" : Encoding.UTF8.GetString(word);
}
