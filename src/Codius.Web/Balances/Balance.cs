namespace Codius.Web.Balances;

/// <summary>What an account holds, in whole units; always <c>Credited = Available + Spent + Leased</c>.</summary>
/// <param name="Credited">All that was ever paid in.</param>
/// <param name="Available">What is neither spent nor leased.</param>
/// <param name="Spent">All that was used up.</param>
/// <param name="Leased">What gateways hold to spend in memory.</param>
/// <param name="Forwarded">
/// The part of it that requests in flight hold, which apps have: no gateway can give it back. Leases that have long expired have none.
/// </param>
internal readonly record struct Balance(ulong Credited, ulong Available, ulong Spent, ulong Leased, ulong Forwarded = 0)
{
    /// <summary>What the account can still pay: the number shown to people.</summary>
    public ulong Funds => Available + Leased - Math.Min(Forwarded, Leased);
}
