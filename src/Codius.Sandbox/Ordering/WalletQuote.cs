namespace Codius.Sandbox.Ordering;

/// <summary>What a payment costs: the same as arrives, since the sandbox's connector takes nothing.</summary>
/// <param name="Id">The last part of its URL.</param>
/// <param name="ClientId">Who asked for it.</param>
/// <param name="Receiver">The URL of the incoming payment.</param>
/// <param name="Payee">The wallet address that is paid.</param>
/// <param name="Amount">What is debited, in units.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record WalletQuote(
    string Id, string ClientId, string Receiver, string Payee, ulong Amount, DateTimeOffset CreatedAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public DateTimeOffset ExpiresAt => CreatedAt + Lifetime;
}
