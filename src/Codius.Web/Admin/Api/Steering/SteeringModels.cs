using System.Globalization;
using System.Text.Json.Serialization;
using Codius.Web.Admin.Actions;
using Codius.Web.Apps.Starts;
using Codius.Web.Apps.Steering;

namespace Codius.Web.Admin.Api.Steering;

/// <summary>Why something is done to an app.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ActionModel(string Reason);

/// <summary>Why an app is blocked, for the audit log, and what visitors read; null: the usual words.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BlockModel(string Reason, string? Words = null);

/// <summary>What was done.</summary>
internal sealed record DoneModel(string Text);

/// <summary>
/// What the host's owner sets for an app. Amounts are whole units as decimal strings; null: the host's holds, or none. What is left out
/// stays as it is.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class SetAppModel
{
    private bool _hasPrice;
    private bool _hasCap;

    public required string Reason { get; init; }

    /// <summary>What a request costs.</summary>
    public string? PricePerRequest { get; set => (field, _hasPrice) = (value, true); }

    /// <summary>The most that requests may cost in an hour.</summary>
    public string? MaxSpendPerHour { get; set => (field, _hasCap) = (value, true); }

    /// <summary>The settings; null with the part that is no amount.</summary>
    public AppSettings? Read(out string? wrong)
    {
        wrong = !TryRead(PricePerRequest, out var price) ? "pricePerRequest" : !TryRead(MaxSpendPerHour, out var cap) ? "maxSpendPerHour"
            : null;
        return wrong is null ? new AppSettings(new SetUnits(_hasPrice, price), new SetUnits(_hasCap, UnitsOf(MaxSpendPerHour))) : null;
    }

    private static ulong? UnitsOf(string? text) => TryRead(text, out var units) ? units : null;

    private static bool TryRead(string? text, out ulong? units)
    {
        units = null;
        if (text is null) return true;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read)) return false;
        units = read;
        return true;
    }
}

/// <summary>What the host's owner has set for an app; null: nothing.</summary>
internal sealed record SteeringModel(string? PricePerRequest, string? MaxSpendPerHour, string? Blocked)
{
    public static SteeringModel Of(AppSteering set) => new(Text(set.PricePerRequest), Text(set.MaxSpendPerHour), set.BlockedWords);

    private static string? Text(ulong? units) => units?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a start of an app ended.</summary>
internal sealed record StartModel(DateTimeOffset At, bool Succeeded, string? Cause, string? Reason, long? Milliseconds)
{
    public static StartModel Of(StartRecord start) => new(
        start.At, start.Succeeded,
        start.Cause is { } cause ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(cause.ToString()) : null,
        start.Reason, start.Milliseconds);
}

/// <summary>The last lines of an app's output.</summary>
/// <param name="From">running: of the app as it runs; lastFailure: of the start that failed last; none: there are no lines.</param>
/// <param name="At">When it failed; null for an app that runs.</param>
/// <param name="Lines">The lines, oldest first.</param>
internal sealed record OutputModel(string From, DateTimeOffset? At, IReadOnlyList<string> Lines);
