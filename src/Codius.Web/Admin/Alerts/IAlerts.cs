using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Alerts;

/// <summary>What the host's owner should know now.</summary>
internal interface IAlerts
{
    /// <summary>The alerts of now, the most severe and newest first; from memory.</summary>
    IReadOnlyList<Alert> Current { get; }

    /// <summary>The newest that have ended since this gateway started, the one that ended last first; from memory.</summary>
    IReadOnlyList<EndedAlert> Past { get; }

    /// <summary>Raised after <see cref="Current"/> has changed; handlers are quick.</summary>
    event Action? Changed;
}

/// <summary>An alert that has ended, and when.</summary>
internal sealed record EndedAlert(Alert Alert, DateTimeOffset Until);

/// <summary>Something that is wrong, and has been for long enough.</summary>
/// <param name="Id">The rule and the subject: the same while it lasts, and when it comes again.</param>
/// <param name="Rule">Its rule's name.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What it is about, such as a connector or an app; empty for the host.</param>
/// <param name="Summary">What is wrong, in one sentence.</param>
/// <param name="WhatToDo">What to do about it.</param>
/// <param name="Since">When it began.</param>
internal sealed record Alert(
    string Id, string Rule, AlertSeverity Severity, string Subject, string Summary, string WhatToDo, DateTimeOffset Since);
