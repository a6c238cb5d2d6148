using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Admin.Access;

/// <summary>
/// Makes an admin's change with its entry in the audit log: the entry is written before the change, so that none goes unseen, and its
/// outcome after it. Both are also lines of the gateway's own log, which no number of changes shortens.
/// </summary>
internal sealed partial class AuditedChanges(IAuditLog log, Supervisor supervisor, TimeProvider time, ILogger<AuditedChanges> lines)
{
    /// <summary>The outcome of a change whose answer was lost.</summary>
    public const string NotKnown = "not known: the store did not answer";

    private readonly SupervisedWork _writing = supervisor.Work("audit log");

    /// <summary>Makes a change.</summary>
    /// <param name="by">The admin.</param>
    /// <param name="action">What is done, as its endpoint declares it.</param>
    /// <param name="subject">What it is done to.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">What else is worth knowing; no secrets.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="outcomeOf">Its outcome in a word.</param>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; nothing was changed.</exception>
    public async ValueTask<T> MakeAsync<T>(
        AdminIdentity by, string action, string subject, string? reason, string? detail, Func<ValueTask<T>> change,
        Func<T, string> outcomeOf)
    {
        var entry = new AuditEntry(time.GetUtcNow(), by.Name, by.From, action, subject, reason, AuditEntry.Begun, detail);
        await log.WriteAsync(entry);
        LogChange(TextOf(entry));
        // A crash from here on: the entry says that the change was begun, and the ledger or the store what became of it.
        var outcome = "failed";
        try
        {
            var result = await change();
            outcome = outcomeOf(result);
            return result;
        }
        catch (LedgerUnavailableException)
        {
            outcome = NotKnown;
            throw;
        }
        finally
        {
            LogChange(TextOf(entry with { Outcome = outcome }));
            // The change is made: its caller must get the outcome even if the entry stays as it was.
            await _writing.TryAsync(async () => await log.EndAsync(entry, outcome));
        }
    }

    // As JSON, so that no admin's words can look like another line.
    private static string TextOf(AuditEntry entry) => JsonSerializer.Serialize(entry, AdminJson.Default.AuditEntry);

    [LoggerMessage(LogLevel.Information, "Change by an admin: {Entry}")]
    private partial void LogChange(string entry);
}
