using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests;

/// <summary>One account of a simulation: what the store has of it, and what it was paid.</summary>
internal sealed class SimulatedAccount
{
    private static int _accounts;

    public AccountId Id { get; } = AccountId.OfApp($"simulated-{Interlocked.Increment(ref _accounts)}");

    /// <summary>As the last script left it.</summary>
    public AccountState State { get; set; } = AccountState.None;

    public Books Books { get; set; } = new();

    /// <summary>The books of those of this id that have ended as dust.</summary>
    public List<BookTotals> Ended { get; } = [];
}
