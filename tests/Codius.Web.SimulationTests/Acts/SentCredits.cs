using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Credits of one account on their way, and what they must do to it if their script runs.</summary>
internal sealed class SentCredits
{
    private readonly IReadOnlyList<SimulatedCredit> _credits;
    private readonly List<ulong> _units;
    private readonly Books _before;
    private IReadOnlyList<Task<CreditResult>> _calls = [];

    public SentCredits(SimulatedAccount account, IReadOnlyList<SimulatedCredit> credits)
    {
        (Account, _credits, _before) = (account, credits, account.Books.Clone());
        _units = [.. credits.Select(credit => credit.Count(account.Books))];
    }

    public SimulatedAccount Account { get; }

    public IReadOnlyList<CreditResult> Results { get; private set; } = [];

    /// <summary>True if each payer has an answer.</summary>
    public bool IsAnswered => Results.All(result => result.Outcome != CreditOutcome.Unavailable);

    public void Send() => _calls = [.. _credits.Select(credit => credit.Send())];

    public void Wait() => Results = Task.WhenAll(_calls).GetAwaiter().GetResult();

    /// <summary>What was credited, each payer has learned.</summary>
    public void Answered()
    {
        foreach (var ((credit, units), result) in _credits.Zip(_units).Zip(Results))
        {
            Rule.Holds(
                result.Increase >= units && Account.Books.CountAgain(credit.Id, result.Increase - units),
                "A payer learns what was credited", $"{credit.Id}: {result} of {units}");
            Rule.Holds(
                result.Increase == 0 || credit.Total is null || result.ReceiptTotal == credit.Total(Account.Books),
                "A receipt has all of its connection", $"{credit.Id}: {result}");
        }
    }

    /// <summary>No payer has an answer, and the account has all of it or nothing.</summary>
    /// <param name="moved">What was credited.</param>
    /// <param name="hasCrashed">True if marks may be missing.</param>
    public void WithoutAnswer(ulong moved, bool hasCrashed)
    {
        Rule.Holds(
            Results.All(result => result.Outcome == CreditOutcome.Unavailable), "Without an answer no payer has one",
            $"{string.Join(", ", Results)}");
        if (moved == 0)
        {
            Account.Books = _before;
            return;
        }
        var again = moved - _units.Aggregate(0UL, (sum, units) => sum + units);
        foreach (var (credit, units) in _credits.Zip(_units))
        {
            // What an earlier crash left without its mark, too.
            var more = Math.Min(again, Account.Books.MayCountAgain(credit.Id));
            Account.Books.CountAgain(credit.Id, more);
            again -= more;
            if (hasCrashed) Account.Books.LackMark(credit.Id, units + more, credit.IsMarkedLater);
        }
    }
}
