using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Accounts that were paid too little to be kept for good end by the store's clock, between scripts or within one.</summary>
internal sealed class DustActs(Simulation simulation, LeaseActs leases)
{
    /// <summary>How long a script takes at most, in milliseconds; so long that scenarios have it.</summary>
    private const long LongestScript = 20_000;

    /// <summary>How long before its end an account may end within a script: Redis stops its clock for a script, Garnet does not.</summary>
    public static long EndsWithin(Scenario scenario) => scenario.Faults.HasFlag(Faults.EndWithin) ? LongestScript : 0;

    public void EndIfDue(SimulatedAccount account)
    {
        if (account.State.EndsAt is not { } end || end > simulation.Store.Clock.Now) return;
        simulation.Store.End(account.Id);
        End(account, account.State, simulation.Store.Clock.Now);
    }

    /// <summary>
    /// The current account has ended within a script that has just run: what that wrote is all there is, its money or nothing of it.
    /// Returns the account before it, as it counts.
    /// </summary>
    public AccountState EndWithin(AccountState before, bool isWritten)
    {
        simulation.Books.ForgetLimits();
        if (isWritten) return before with { RanUntil = null, RanRest = 0, Wake = null };
        var now = simulation.Account;
        End(simulation.Current, before, simulation.Store.Clock.Now + LongestScript);
        simulation.Current.State = now;
        return AccountState.None;
    }

    private void End(SimulatedAccount account, AccountState last, long clock)
    {
        Dust.CheckEnd(last, account.Books, simulation.OpenAt, clock);
        foreach (var (id, lease) in AccountChecks.Swept(last, AccountState.None, "", clock)) leases.Swept(account, id, lease);
        account.Ended.Add(last.Books);
        account.State = AccountState.None;
        account.Books.End(last.Credited);
    }
}
