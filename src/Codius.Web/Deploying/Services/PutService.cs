using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Services;

/// <summary>
/// <c>PUT /services/{name}</c>: authenticates, validates the manifest, checks the owner, reserves the price, stores the app, commits
/// the price. Every check that can refuse the deploy comes before the money.
/// </summary>
internal sealed partial class PutService(
    ManifestBody body, IAppStore store, DeployRate rate, DeployReservations reservations, DeployFunds funds, DeployPrice price,
    DeployProblems problems, HostNames names, ILogger<PutService> log)
{
    public async Task HandleAsync(HttpContext context, string name)
    {
        if (await DeployToken.ReadAsync(context) is not { } account) return;
        if (!rate.TryEnter(account, out var wait))
        {
            await Problems.WriteAsync(context, DeployProblems.TooFast(wait));
            return;
        }
        if (await BoundedBody.ReadAsync(context.Request, ManifestLimits.MaxBytes, context.RequestAborted) is not { } json)
        {
            await Problems.WriteAsync(context, DeployProblems.TooLarge);
            return;
        }
        var faults = new List<ValidationError>();
        var app = body.Parse(name, json, faults);
        if (faults.Count > 0 || app is null)
        {
            await Problems.WriteAsync(context, DeployProblems.BadManifest(faults));
            return;
        }
        var manifest = new AppManifest(app.Spec, app.SecretData);
        foreach (var warning in ManifestRules.Warnings(manifest))
            context.Response.Headers.Append("Warning", $"299 - \"{warning}\"");
        try
        {
            var kept = app with { Owner = account, SecretData = manifest.WithoutUnusedSecrets().SecretData };
            var (outcome, problem) = await DeployAsync(kept, account, context.RequestAborted);
            if (problem is not null)
            {
                await RefuseAsync(context, problem);
                return;
            }
            context.Response.StatusCode = outcome == PutOutcome.Created ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
            context.Response.Headers.Location = $"{names.Origin}/services/{name}";
        }
        catch (AppStoreUnavailableException)
        {
            await Problems.WriteAsync(context, DeployProblems.StoreAway);
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, DeployProblems.LedgerAway);
        }
    }

    private async Task<(PutOutcome Outcome, Problem? Problem)> DeployAsync(StoredApp app, AccountId account, CancellationToken cancellation)
    {
        var there = await store.FindAsync(app.Name, cancellation);
        if (there is not null && there.Owner != account) return (PutOutcome.OtherOwner, DeployProblems.OtherOwner);
        var isPaid = there?.Hash == app.Hash;
        var deploy = new Deploy(account, app.Name, app.Hash);
        if (!isPaid)
        {
            var cost = price.Of(new AppManifest(app.Spec, app.SecretData));
            var reserved = await reservations.ReserveAsync(deploy, cost, cancellation);
            if (reserved != ReserveOutcome.Reserved)
            {
                var has = reserved == ReserveOutcome.NotEnough ? await funds.ReadAsync(account, cancellation) : 0;
                return (PutOutcome.Refused, problems.NotReserved(reserved, account, has, cost));
            }
        }
        // From here on the client may disconnect: the deploy is stored and paid, or neither.
        var put = await store.PutAsync(app, CancellationToken.None);
        if (isPaid) return (put.Outcome, Refusal(put));
        switch (put.Outcome)
        {
            case PutOutcome.Created or PutOutcome.Replaced:
                LogDeployed(app.Name, app.Hash, account);
                await reservations.CommitAsync(deploy);
                break;
            case PutOutcome.Refused or PutOutcome.OtherOwner:
                await reservations.VoidAsync(deploy);
                break;
            default:
                // Unavailable: it may be stored all the same; then the catalog shows it and it is paid, else the price returns when
                // the reservation expires. Unchanged: another request with the same manifest was faster, and commits for both.
                break;
        }
        return (put.Outcome, Refusal(put));
    }

    private static Problem? Refusal(PutResult put) => put.Outcome switch
    {
        PutOutcome.Created or PutOutcome.Replaced or PutOutcome.Unchanged => null,
        PutOutcome.OtherOwner => DeployProblems.OtherOwner,
        PutOutcome.Refused => DeployProblems.BadManifest(put.Faults is { Count: > 0 } faults
            ? [.. faults] : [new ValidationError("manifest", "is refused by what runs the apps")]),
        _ => DeployProblems.StoreAway,
    };

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.Extensions?.TryGetValue("walletAddress", out var wallet) is true)
            context.Response.Headers.Link = $"<{wallet}>; rel=\"payment\"";
        return Problems.WriteAsync(context, problem);
    }

    [LoggerMessage(LogLevel.Information, "{App} was deployed with {Hash} by {Account}")]
    private partial void LogDeployed(string app, string hash, AccountId account);
}
