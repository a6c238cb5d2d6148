using System.Text.Json.Serialization;

namespace Codius.Web.Hosting.Alerting;

/// <summary>What is wrong in one way: its name, and how long it must last to be an alert.</summary>
/// <param name="Id">Its name, in lower case with hyphens; part of the API.</param>
/// <param name="For">How long the condition must hold without a break.</param>
/// <param name="WhatToDo">What the host's owner does about it.</param>
internal sealed record AlertRule(string Id, TimeSpan For, string WhatToDo);

/// <summary>How much an alert matters.</summary>
internal enum AlertSeverity
{
    /// <summary>Something will go wrong, or goes wrong for few.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Visitors, payments or money are affected now.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>What is wrong now.</summary>
/// <param name="Rule">In which way.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What it is about, such as a connector or an app; empty for the host.</param>
/// <param name="Summary">One sentence for the host's owner; without secrets.</param>
internal sealed record AlertCondition(AlertRule Rule, AlertSeverity Severity, string Subject, string Summary)
{
    /// <summary>What the alert's end depends on, without spaces: a gateway that starts goes on with it. Null for nothing.</summary>
    public string? Memory { get; init; }
}

/// <summary>A part that knows when something is wrong with it. It answers from memory, with few conditions, every few seconds.</summary>
internal interface IAlertSource
{
    IEnumerable<AlertCondition> Check();
}
