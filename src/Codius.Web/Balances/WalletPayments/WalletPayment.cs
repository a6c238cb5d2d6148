using System.Globalization;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.Balances.WalletPayments;

/// <summary>An incoming payment that the gateway made at the host's receiving wallet, for one of an account.</summary>
/// <param name="Id">The id of our payment.</param>
/// <param name="Account">The account that what is received is credited to.</param>
/// <param name="Creator">Who made ours.</param>
/// <param name="Url">The payment at the wallet; no other party learns it.</param>
/// <param name="IlpAddress">Where its money goes.</param>
/// <param name="SharedSecret">The secret of its STREAM connections, base64url.</param>
/// <param name="Amount">The most that ours accepts, in units of the ledger; null for no limit.</param>
/// <param name="CreatedAt">When ours was made.</param>
/// <param name="ExpiresAt">When ours stops accepting money.</param>
/// <param name="Terms">As <see cref="IncomingTerms.Terms"/>.</param>
internal sealed record WalletPayment(
    Guid Id, AccountId Account, string Creator, Uri Url, string IlpAddress, string SharedSecret, ulong? Amount, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, string Terms)
{
    public const int MaxUrlLength = 255;
    public const int MaxAddressLength = 1023;
    private const int MaxSecretLength = 128;
    private const int MaxCreatorLength = 128;
    private const int MaxTermsLength = 160;
    private const char Separator = '\n';

    /// <summary>True if no part is longer than what is kept of a payment.</summary>
    public bool CanBeKept =>
        Url is { IsAbsoluteUri: true, AbsoluteUri.Length: <= MaxUrlLength } && IlpAddress.Length <= MaxAddressLength
        && SharedSecret.Length <= MaxSecretLength && Creator.Length <= MaxCreatorLength && Terms.Length <= MaxTermsLength
        && !string.Concat(IlpAddress, SharedSecret, Creator, Terms).Contains(Separator, StringComparison.Ordinal);

    /// <summary>What the first credit stores of ours.</summary>
    public IncomingTerms ToTerms() => new(Id, Creator, Amount, CreatedAt, ExpiresAt, Terms);

    /// <summary>Its stored form; the id is its key.</summary>
    /// <exception cref="ArgumentException">A part is longer than what is kept of a payment.</exception>
    public string ToText() => CanBeKept
        ? string.Join(Separator, Account, Creator, Url.AbsoluteUri, IlpAddress, SharedSecret,
            Amount?.ToString(CultureInfo.InvariantCulture), Text(CreatedAt), Text(ExpiresAt), Terms)
        : throw new ArgumentException("A part of the receiving wallet's payment is too long.");

    /// <summary>Reads the stored form.</summary>
    public static WalletPayment Parse(Guid id, string text)
    {
        var parts = text.Split(Separator);
        return new WalletPayment(id, AccountId.OfApp(parts[0]), parts[1], new Uri(parts[2]), parts[3], parts[4],
            parts[5].Length == 0 ? null : ulong.Parse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture),
            Time(parts[6]), Time(parts[7]), parts[8]);
    }

    private static string Text(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
