namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Requests that do not wake a sleeping app: 503 with <c>Retry-After</c>, not charged. Entries add to the built-in ones; <c>-</c> in
/// front removes one of those, <c>-*</c> all. Section <c>Visits:DoNotWake</c>.
/// </summary>
internal sealed class DoNotWakeOptions
{
    public const string Section = "Visits:DoNotWake";

    /// <summary>Paths, or beginnings of paths with <c>*</c> at the end.</summary>
    /// <value>The default is that of <see cref="DoNotWakeList.Paths"/>.</value>
    public IList<string> Paths { get; } = [];

    /// <summary>Parts of the <c>User-Agent</c> of monitors, probes and link previews.</summary>
    /// <value>The default is that of <see cref="DoNotWakeList.Agents"/>.</value>
    public IList<string> Agents { get; } = [];
}
