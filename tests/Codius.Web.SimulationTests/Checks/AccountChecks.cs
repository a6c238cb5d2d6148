namespace Codius.Web.SimulationTests.Checks;

/// <summary>What holds of an account after each script, whatever it did.</summary>
internal static class AccountChecks
{
    public static void Check(AccountState now, Books books)
    {
        Rule.Holds(
            (UInt128)now.Credited == (UInt128)now.Balance + now.Spent + now.Leased, "Credited is balance + spent + leased", $"{now}");
        var held = now.Leases.Values.Aggregate(0UL, (sum, lease) => sum + lease.Out);
        Rule.Holds(held == now.Leased, "What is leased is what the leases hold", $"{held}, {now}");
        Rule.Holds(now.Forwarded <= now.Leased, "No more is forwarded than leased", $"{now}");
        Rule.Holds(
            now.Books is { CreditedBefore: 0, SpentBefore: 0 } && now.Books.Credited == now.Credited && now.Books.Spent == now.Spent,
            "The books have what is credited and spent", $"{now.Books}, {now}");
        Rule.Holds(
            now.Credited == books.Credited, "Each payment counts once, and none is forgotten", $"{books.Credited} were paid, {now}");
    }

    /// <summary>The leases of others: a script may only sweep them, and must, once they have expired.</summary>
    public static IEnumerable<(string Id, StoredLease Lease)> Swept(AccountState before, AccountState now, string own, long clock)
    {
        foreach (var (id, lease) in before.Leases)
        {
            if (id == own) continue;
            if (now.Leases.TryGetValue(id, out var same))
            {
                Rule.Holds(same == lease, "A script changes no lease but its caller's", $"{id}: {lease}, then {same}");
                continue;
            }
            Rule.Holds(lease.Expires < clock, "A lease is swept after its expiry", $"{id}: {lease} at {clock}");
            yield return (id, lease);
        }
    }

    public static void CheckNoneExpired(AccountState now, string own, long clock)
    {
        foreach (var (id, lease) in now.Leases)
            Rule.Holds(id == own || lease.Expires >= clock, "Each script sweeps what has expired", $"{id}: {lease} at {clock}");
    }
}
