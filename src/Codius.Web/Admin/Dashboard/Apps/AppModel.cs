using Codius.Web.Admin.Dashboard.Actions;
using Codius.Web.Admin.Dashboard.Plots;
using Codius.Web.Admin.Dashboard.Rendering;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary>The page of one app.</summary>
public sealed record AppModel(AppLine App, string Url, PlotModel Plot, StatementModel Statement, DateTimeOffset Now)
{
    public required string Hash { get; init; }

    /// <summary>The account of its owner's deploy token; null for the host's own.</summary>
    public string? Owner { get; init; }

    /// <summary>Since when it has its state; null if not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What visitors read of a blocked app; null unless it is.</summary>
    public string? Blocked { get; init; }

    /// <summary>The block stands for what the host's owner set and cannot be read.</summary>
    public bool IsUnreadable { get; init; }

    public required AmountModel Price { get; init; }

    /// <summary>What it may spend in an hour; null for no limit.</summary>
    public AmountModel? Cap { get; init; }

    /// <summary>What all awake apps together use of what they may; empty for no bound, or while it is not known.</summary>
    public IReadOnlyList<QuotaModel> Quota { get; init; } = [];

    /// <summary>What the admin may do now.</summary>
    public IReadOnlyList<ActionLink> Actions { get; init; } = [];

    /// <summary>The last failure, with the app's last output; null if there is none.</summary>
    public FailureModel? Failure { get; init; }

    /// <summary>Its newest starts, the newest first.</summary>
    public IReadOnlyList<StartModel> Starts { get; init; } = [];

    /// <summary>What the last action did; null if the page does not follow one.</summary>
    public string? Done { get; init; }

    /// <summary>The page shows older entries of the statement.</summary>
    public bool IsLater { get; init; }
}

/// <summary>How much of a resource all awake apps together use.</summary>
public sealed record QuotaModel(string Resource, string Used, string Hard, int Percent)
{
    /// <summary>Another app may not find room.</summary>
    public bool IsShort => Percent >= 90;
}

/// <summary>Why an app last could not start.</summary>
public sealed record FailureModel(DateTimeOffset At, string Reason, string? Output);
