using Codius.Web.Admin.Access;
using Codius.Web.Admin.Alerts;
using Codius.Web.Balances;

namespace Codius.Web.Admin.Actions;

/// <summary>Tests the webhooks of alerts.</summary>
internal sealed class AlertActions(AlertTest test, AuditedChanges changes)
{
    public const string Test = "alerts.test";

    /// <summary>Posts a test message to each webhook, and waits for what comes of it.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public ValueTask<IReadOnlyList<AlertTestResult>> TestAsync(AdminIdentity by, CancellationToken cancellation) => changes.MakeAsync(
        by, Test, "webhooks", reason: null, detail: null, async () => await test.SendAsync(cancellation),
        static results => results.All(result => result.IsTaken) ? "done" : "not taken by all");
}
