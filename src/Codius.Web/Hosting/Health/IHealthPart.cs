namespace Codius.Web.Hosting.Health;

/// <summary>One part of the gateway that can say how it is; every room that can fail registers one.</summary>
internal interface IHealthPart
{
    /// <summary>What the part is called in <c>/admin/health</c>, such as <c>ledger</c>.</summary>
    string Name { get; }

    ValueTask<PartHealth> CheckAsync(CancellationToken cancellation);
}

/// <summary>How a part is.</summary>
/// <param name="State">Good, degraded, or failed.</param>
/// <param name="Since">When that state began.</param>
/// <param name="Summary">The state in plain words.</param>
/// <param name="LastError">The last error in plain words, also if the part has recovered since; null for none.</param>
/// <param name="NeededToServe">True if the gateway is not ready while this part has failed.</param>
/// <param name="Details">Further facts an owner wants to see; amounts as decimal strings, no secrets.</param>
internal sealed record PartHealth(
    HealthState State,
    DateTimeOffset Since,
    string Summary,
    string? LastError = null,
    bool NeededToServe = false,
    IReadOnlyDictionary<string, object?>? Details = null);

/// <summary>How a part is, in one word.</summary>
internal enum HealthState
{
    /// <summary>Does all it should.</summary>
    Good,

    /// <summary>Works, with something the owner should mend.</summary>
    Degraded,

    /// <summary>Does not work.</summary>
    Failed,
}
