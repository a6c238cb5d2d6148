using Codius.Web.Admin.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Codius.Web.Admin.Api;

/// <summary>The audit log: who changed what, when, from where and why.</summary>
internal static class AuditEndpoints
{
    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", ListAsync).WithTags("Audit").RequireScope(AdminScope.Read).WithName("listAudit")
            .WithSummary("Lists what admins changed, newest first").WithDescription("The host keeps the newest 10,000 changes. by, action, "
                + "subject, from and until filter them; a page may have fewer than its size, or none, and still a next one.");
        return api;
    }

    private static async Task<Results<Ok<Page<AuditModel>>, ApiProblem>> ListAsync(
        IAuditLog log, TimeProvider time, string? cursor, int? size, string? by, string? action, string? subject,
        DateTimeOffset? from, DateTimeOffset? until)
    {
        if (Paging.SizeOf(size) is not { } most) return ApiProblem.BadPageSize;
        if (!TimeRange.IsGood(from, until, time.GetUtcNow())) return TimeRange.Bad;
        var query = new AuditQuery(cursor, most, by, action, subject, from, until);
        if (await log.ReadAsync(query) is not { } page) return ApiProblem.BadCursor;
        return TypedResults.Ok(new Page<AuditModel>([.. page.Entries.Select(AuditModel.Of)], page.Next));
    }

    /// <summary>A change.</summary>
    internal sealed record AuditModel(
        DateTimeOffset At, string By, string? From, string Action, string Subject, string? Reason, string Outcome, string? Detail)
    {
        public static AuditModel Of(AuditEntry entry) => new(
            entry.At, entry.By, entry.From, entry.Action, entry.Subject, entry.Reason, entry.Outcome, entry.Detail);
    }
}
