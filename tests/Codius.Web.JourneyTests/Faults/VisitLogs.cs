namespace Codius.Web.JourneyTests.Faults;

/// <summary>The answers that all visitors got in a while.</summary>
internal sealed class VisitLogs
{
    /// <summary>Of the app with ample funds, through each gateway.</summary>
    public AnswerLog[] Funded { get; } = [new(), new()];

    /// <summary>Of the app that has what its visitor paid just before.</summary>
    public AnswerLog Prepaid { get; } = new();

    public IEnumerable<AnswerLog> All => Funded.Append(Prepaid);
}
