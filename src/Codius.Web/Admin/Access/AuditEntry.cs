namespace Codius.Web.Admin.Access;

/// <summary>One change that an admin made.</summary>
/// <param name="At">When it began.</param>
/// <param name="By">The name of the admin's token.</param>
/// <param name="From">The client's address; null if not known.</param>
/// <param name="Action">What was done, such as <c>app.refund</c>.</param>
/// <param name="Subject">What it was done to, such as an app's name.</param>
/// <param name="Reason">Why, in the admin's words.</param>
/// <param name="Outcome">How it ended; <see cref="Begun"/> if that is not known, as after a crash.</param>
/// <param name="Detail">What else is worth knowing, such as the amount; null for nothing.</param>
internal sealed record AuditEntry(
    DateTimeOffset At, string By, string? From, string Action, string Subject, string? Reason, string Outcome, string? Detail = null)
{
    /// <summary>The outcome of a change that has not ended.</summary>
    public const string Begun = "begun";

    /// <summary>Tells changes of one moment apart.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString("N")[..12];
}

/// <summary>A part of the audit log, newest first, and the cursor of what follows.</summary>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Next);

/// <summary>What the audit log is searched for; null for anything.</summary>
internal sealed record AuditQuery(
    string? Cursor, int Size, string? By = null, string? Action = null, string? Subject = null, DateTimeOffset? From = null,
    DateTimeOffset? Until = null);
