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

    /// <summary>The same for an app whose whole rest a gateway that is hit may have leased.</summary>
    public TimeSpan WithinOfRest => LosesLeases ? FaultStage.LeaseLifetime + Within : Within;

    /// <summary>True if a gateway that is hit forgets what it has used, or comes back after its lease was swept.</summary>
    public bool LosesLeases { get; init; }
}
