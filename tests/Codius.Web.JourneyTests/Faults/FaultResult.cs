namespace Codius.Web.JourneyTests.Faults;

/// <summary>What visitors, payers and the books say after a fault.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="First">The answers before it, which are paid for too.</param>
/// <param name="Logs">The answers since it began.</param>
/// <param name="Lasted">How long it was until all was well again.</param>
/// <param name="Recovered">
/// How long after the fault each gateway's last visit ended without a 200, and the prepaid app's first with one.
/// </param>
/// <param name="Before">The books before it.</param>
/// <param name="After">The books after it.</param>
internal sealed record FaultResult(
    Fault Fault, VisitLogs First, VisitLogs Logs, TimeSpan Lasted, TimeSpan[] Recovered, AccountBook[] Before, AccountBook[] After)
{
    // A lease was renewed up to a settle's interval before the fault, and settling takes its time after it.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>The visits of both apps, beside what each has spent.</summary>
    public (AnswerLog[] Logs, ulong Spent)[] Apps =>
        [([.. First.Funded, .. Logs.Funded], SpentOf(0)), ([First.Prepaid, Logs.Prepaid], SpentOf(1))];

    /// <summary>Visits that were answered and not paid: the host's loss.</summary>
    public long Unpaid => Apps.Sum(app => Math.Max(0, app.Logs.Sum(log => log.Good) - (long)(app.Spent / FaultStage.Price)));

    /// <summary>
    /// The most that may be unpaid: what the gateways that are hit served in two of their busiest seconds, where they forget what they have
    /// used, or where the store is away for so long that either may sweep the other's lease before that is settled; else nothing.
    /// </summary>
    public long MayBeUnpaid => !Fault.LosesLeases && Lasted < FaultStage.LeaseLifetime - Margin ? 0
        : 2L * (Most(logs => logs.Funded[0]) + (Fault.SparesSecond ? 0 : Most(logs => logs.Funded[1])) + Most(logs => logs.Prepaid));

    public int Packets => After.Sum(book => book.Packets) - Before.Sum(book => book.Packets);

    public int Repeats => After.Sum(book => book.Repeats) - Before.Sum(book => book.Repeats);

    private int Most(Func<VisitLogs, AnswerLog> log) => Math.Max(log(First).MostInASecond, log(Logs).MostInASecond);

    private ulong SpentOf(int account) => After[account].Balance.Spent - Before[account].Balance.Spent;
}
