using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests.Gateways;

/// <summary>What one gateway has served and settled of one account.</summary>
/// <param name="gateway">Its number.</param>
/// <param name="freeErrorsPerMinute">How many errors of an app are free.</param>
internal sealed class GatewayTally(int gateway, int freeErrorsPerMinute)
{
    private readonly List<long> _freeErrors = [];
    private int _errors;

    /// <summary>Units of visits that ended with the app's answer.</summary>
    public ulong Answered { get; set; }

    /// <summary>Units that the ledger has booked as spent for it.</summary>
    public ulong Charged { get; set; }

    /// <summary>Units that the ledger has taken from its leases after their expiry, or lost in a fail-over.</summary>
    public ulong Lost { get; set; }

    /// <summary>Errors of its visits that the ledger has counted.</summary>
    public int CountedErrors { get; set; }

    /// <summary>
    /// An error was free. The ledger's minute begins with an error, so that of two gateways' one may be over when this one learns of it:
    /// a minute has those of two of the ledger's, at most.
    /// </summary>
    /// <param name="now">When.</param>
    /// <param name="isBounded">False if the ledger may have forgotten a minute, or have begun another one early.</param>
    public void UsedFreeError(long now, bool isBounded)
    {
        _errors++;
        if (!isBounded) return;
        _freeErrors.Add(now);
        var recent = _freeErrors.Count(at => at > now - 60_000);
        Rule.Holds(recent <= 2 * freeErrorsPerMinute, "An app's free errors are bounded", $"gateway {gateway}: {recent} in a minute");
    }

    /// <summary>The ledger has counted errors for it.</summary>
    public void CountErrors(int errors)
    {
        CountedErrors += errors;
        Rule.Holds(CountedErrors <= _errors, "A free error counts once", $"gateway {gateway}: {CountedErrors} of {_errors}");
    }
}
