namespace Codius.Web.Balances.Incoming;

/// <summary>What an incoming payment's creator decided, which the first credit stores.</summary>
/// <param name="Id">The payment's id.</param>
/// <param name="Creator">Who made it: letters and digits.</param>
/// <param name="Amount">The most that is accepted, in units; null for no limit.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops accepting money, by the store's clock.</param>
/// <param name="Terms">All of it in a form that the ledger does not read: at most 160 characters without a comma.</param>
/// <param name="Payer">The payer's wallet address, for the statement; null if it is not known.</param>
internal sealed record IncomingTerms(
    Guid Id, string Creator, ulong? Amount, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Terms, string? Payer = null)
{
    private const int MaxPayerLength = 255;

    /// <summary>Null also if a statement cannot hold it: no payment is refused for that.</summary>
    public string? Payer { get; init => field = Storable(value); } = Storable(Payer);

    private static string? Storable(string? payer) =>
        payer is { Length: > 0 and <= MaxPayerLength } && !payer.AsSpan().ContainsAnyExceptInRange('!', '~') ? payer : null;
}

/// <summary>An incoming payment as stored.</summary>
/// <param name="Id">The payment's id.</param>
/// <param name="Received">What was received, in units.</param>
/// <param name="Completed">True if no more is accepted.</param>
/// <param name="Terms">Its <see cref="IncomingTerms.Terms"/>.</param>
internal sealed record IncomingRecord(Guid Id, ulong Received, bool Completed, string Terms);

/// <summary>A part of a list of incoming payments, oldest first.</summary>
internal sealed record IncomingPage(IReadOnlyList<IncomingRecord> Payments, bool HasNext, bool HasPrevious);
