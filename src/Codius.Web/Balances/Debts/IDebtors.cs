namespace Codius.Web.Balances.Debts;

/// <summary>Who owes the host for money that accounts have already: connectors, until they settle.</summary>
internal interface IDebtors
{
    /// <summary>All of them, in the order of their names; from memory.</summary>
    IReadOnlyList<Debtor> All { get; }

    /// <summary>The one of a name; null if there is none.</summary>
    Debtor? Find(string name) => All.FirstOrDefault(debtor => debtor.Name == name);

    /// <summary>
    /// Records that a debtor has paid an amount of what it owes; the id makes a repeat change nothing. No account, if there is no such
    /// debtor; not enough, if it owes less.
    /// </summary>
    ValueTask<SpendResult> SettleAsync(
        string name, ulong amount, string id, string reason, string by, CancellationToken cancellation);
}

/// <summary>What one owes.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Owed">What it owes, in units.</param>
/// <param name="Limit">What it may owe at most.</param>
/// <param name="Book">The book in which that is kept.</param>
internal sealed record Debtor(string Name, ulong Owed, ulong Limit, AccountId Book);
