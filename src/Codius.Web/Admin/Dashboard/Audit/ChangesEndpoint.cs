using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Apps;

namespace Codius.Web.Admin.Dashboard.Audit;

/// <summary><c>GET /admin/audit</c>: what admins changed.</summary>
internal sealed class ChangesEndpoint(IAuditLog log, IAppCatalog catalog, AdminPage page)
{
    private const int Size = 50;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/audit", (HttpContext context, ChangesEndpoint changes) => changes.GetAsync(context))
            .RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var asked = context.Request.Query;
        var (cursor, by, subject) = (Given(asked["cursor"]), Given(asked["by"]), Given(asked["subject"]));
        var query = new AuditQuery(cursor, Size, By: by, Subject: subject);
        var found = await log.ReadAsync(query) ?? (await log.ReadAsync(query with { Cursor = cursor = null }))!;
        await page.WriteAsync<ChangesPage>(
            context, context.AdminFrame("Audit"), new ChangesModel(
            [
                .. found.Entries.Select(entry => new ChangesModel.Line(
                    entry.At, entry.By, entry.From, entry.Action, entry.Subject, entry.Detail, entry.Reason, entry.Outcome)
                {
                    Url = UrlOf(entry),
                }),
            ], found.Next, cursor is not null)
            { By = by, Subject = subject });
    }

    private string? UrlOf(AuditEntry entry) => entry.Action.Split('.')[0] switch
    {
        "app" or "account" when catalog.Current.TryFind(entry.Subject, out _) => "/admin/apps/" + entry.Subject,
        "connector" => "/admin/connectors/" + Uri.EscapeDataString(entry.Subject),
        _ => null,
    };

    private static string? Given(string? text) => text?.Trim() is { Length: > 0 and <= 300 } given ? given : null;
}
