namespace Codius.Web.Balances.WalletPayments;

/// <summary>A payment at the host's wallet that is looked at no more, though it may have received money that was not credited.</summary>
/// <param name="Id">The id of our payment.</param>
/// <param name="Account">The account it was made for.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ended.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Why">Why.</param>
internal sealed record GivenUpPayment(
    Guid Id, AccountId Account, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset At, string Why);
