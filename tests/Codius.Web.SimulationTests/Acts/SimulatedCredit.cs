using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>A payment that may reach the store any number of times.</summary>
/// <param name="Id">Which one of the account's payments.</param>
/// <param name="Count">Adds to the books what it must credit now, and returns it.</param>
/// <param name="Send">Sends it.</param>
/// <param name="IsMarkedLater">True if it is marked after it was credited: if the store crashes between the two it counts again.</param>
internal sealed record SimulatedCredit(string Id, Func<Books, ulong> Count, Func<Task<CreditResult>> Send, bool IsMarkedLater)
{
    /// <summary>The total of its receipt afterwards, which the payer learns.</summary>
    public Func<Books, ulong>? Total { get; init; }
}
