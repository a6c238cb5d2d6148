using System.Text;
using Interledger.Net.Receipts;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// The claims that a receiver encrypts in an address it issues, so that every packet carries them and nothing need be stored.
/// </summary>
public sealed record StreamTokenClaims
{
    /// <summary>The longest account id, in characters.</summary>
    public const int MaxAccountIdLength = 63;

    /// <summary>The longest <see cref="IncomingPaymentTerms"/>, in bytes.</summary>
    public const int MaxTermsLength = 120;

    private static readonly DateTimeOffset LastExpiry = DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue);

    /// <summary>
    /// The account to credit: 1 to 63 ASCII characters; ids of letters, digits, <c>-</c> and <c>_</c> take six bits per character.
    /// </summary>
    /// <exception cref="ArgumentException">Empty, longer, or not ASCII.</exception>
    public required string AccountId
    {
        get;
        init => field = value is { Length: > 0 and <= MaxAccountIdLength } && Ascii.IsValid(value)
            ? value
            : throw new ArgumentException("An account id has 1 to 63 ASCII characters.", nameof(value));
    }

    /// <summary>When the address expires; stored in whole seconds, rounded down, and not after 2106.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before 1970 or after 2106.</exception>
    public required DateTimeOffset ExpiresAt
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, DateTimeOffset.UnixEpoch);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LastExpiry);
            field = DateTimeOffset.FromUnixTimeSeconds(value.ToUnixTimeSeconds());
        }
    }

    /// <summary>The Open Payments incoming payment to credit, if any.</summary>
    public Guid? IncomingPayment { get; init; }

    /// <summary>
    /// What a program must know of the incoming payment when its first money arrives, so that an unpaid one need not be stored: bytes that
    /// the receiver does not read, compared by reference. At most 120; empty for none. Not together with <see cref="Receipts"/>: an address
    /// has no room for both.
    /// </summary>
    /// <exception cref="ArgumentException">Longer.</exception>
    public ReadOnlyMemory<byte> IncomingPaymentTerms
    {
        get;
        init => field = value.Length <= MaxTermsLength
            ? value
            : throw new ArgumentException($"An incoming payment's terms have at most {MaxTermsLength} bytes.", nameof(value));
    }

    /// <summary>Nonce and secret for receipts; null for none.</summary>
    public ReceiptSetup? Receipts { get; init; }

    /// <summary>Whether Fulfills carry receipts.</summary>
    public bool ReceiptsEnabled => Receipts is not null;
}
