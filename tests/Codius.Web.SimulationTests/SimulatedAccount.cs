using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests;

/// <summary>One account of a simulation: what the store has of it, and what it was paid.</summary>
/// <param name="id">Its id.</param>
internal sealed class SimulatedAccount(AccountId id)
{
    private const string Prefix = "simulated-";

    /// <param name="number">Its number in the simulation, from 1 on.</param>
    public SimulatedAccount(int number) : this(AccountId.OfApp(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}")))
    {
    }

    public AccountId Id { get; } = id;

    /// <summary>As the last script left it.</summary>
    public AccountState State { get; set; } = AccountState.None;

    public Books Books { get; set; } = new();

    /// <summary>The books of those of this id that have ended as dust.</summary>
    public List<BookTotals> Ended { get; } = [];

    /// <summary>Their order in a gateway is that of their numbers; hashes of texts are other ones in each process.</summary>
    public sealed class ByNumber : IEqualityComparer<AccountId>
    {
        public bool Equals(AccountId x, AccountId y) => x == y;

        public int GetHashCode(AccountId obj) => int.Parse(obj.ToString().AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
    }
}
