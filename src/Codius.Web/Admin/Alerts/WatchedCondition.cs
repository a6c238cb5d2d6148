using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Alerts;

/// <summary>A condition that was seen: an alert once it has lasted, until it has not been seen for a while.</summary>
internal sealed class WatchedCondition(AlertCondition condition, DateTimeOffset firstSeen)
{
    /// <summary>How long an alert lasts after its condition was last seen: one that comes and goes is one alert.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromMinutes(2);

    private AlertCondition _condition = condition;
    private DateTimeOffset _firstSeen = firstSeen;
    private DateTimeOffset _lastSeen = firstSeen;
    private DateTimeOffset _adoptedAt = firstSeen;

    public string Id { get; } = IdOf(condition);

    public DateTimeOffset LastSeen => _lastSeen;

    public bool IsAlert { get; private set; }

    /// <summary>What a gateway that starts must know of it.</summary>
    public string? Memory => _condition.Memory;

    /// <summary>The message that it began, if this gateway sends it.</summary>
    public AlertMessage? Message { get; set; }

    /// <summary>The message that it ended, once it is over.</summary>
    public AlertMessage? End { get; set; }

    /// <summary>True if the store may have ended its mark for this gateway, which then sends that it ended.</summary>
    public bool MayHaveEnded { get; set; }

    /// <summary>True if the store has a mark that this gateway sends it; false while the store is away.</summary>
    public bool IsMarked { get; set; }

    public Alert Alert => new(
        Id, _condition.Rule.Id, _condition.Severity, _condition.Subject, _condition.Summary, _condition.Rule.WhatToDo, _firstSeen);

    public static string IdOf(AlertCondition condition) => IdOf(condition.Rule, condition.Subject);

    public static string IdOf(AlertRule rule, string subject) => subject.Length == 0 ? rule.Id : $"{rule.Id}:{subject}";

    public void See(AlertCondition now, DateTimeOffset at)
    {
        (_condition, _lastSeen) = (now, at);
        IsAlert |= at - _firstSeen >= now.Rule.For;
    }

    /// <summary>It was an alert before this gateway saw it, and is one until it is over: not before this gateway has watched it.</summary>
    public void Adopt(DateTimeOffset since, DateTimeOffset lastSeen, DateTimeOffset now)
    {
        (_firstSeen, _adoptedAt, IsAlert) = (since, now, true);
        if (lastSeen > _lastSeen) _lastSeen = lastSeen;
    }

    /// <summary>True if it is over; one that is no alert yet ends at its first break.</summary>
    public bool IsOver(DateTimeOffset now) =>
        IsAlert ? now - (_adoptedAt > _lastSeen ? _adoptedAt : _lastSeen) >= Lasting : now > _lastSeen;
}
