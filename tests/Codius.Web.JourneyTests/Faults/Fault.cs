namespace Codius.Web.JourneyTests.Faults;

/// <summary>Something that breaks, what each sees of it, and the bounds that are promised.</summary>
/// <param name="Name">As the page names it.</param>
/// <param name="InflictAsync">Breaks it, lets load pass, and mends it.</param>
internal sealed record Fault(string Name, Func<FaultStage, Task> InflictAsync)
{
    public required string Visitor { get; init; }

    public required string Developer { get; init; }

    public required string Payer { get; init; }

    public required string Host { get; init; }

    /// <summary>True if only the first gateway is hit: the second answers every visit with 200 throughout.</summary>
    public bool SparesSecond { get; init; }

    /// <summary>How long after the fault the last visit may end without a 200.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True if a gateway that is hit forgets what it has used, or comes back after its lease was swept.</summary>
    public bool LosesLeases { get; init; }

    /// <summary>
    /// What a gateway that is hit may lose of its use: what it served in so many of its busiest seconds. Of a store that was away for longer
    /// than leases live, either gateway may find its lease swept by the other.
    /// </summary>
    public int LostSeconds => LosesLeases || FaultStage.Span > FaultStage.LeaseLifetime / 2 ? 2 : 0;
}
