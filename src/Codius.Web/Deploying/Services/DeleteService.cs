using Codius.Web.Apps;
using Codius.Web.Deploying.Paying;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Services;

/// <summary><c>DELETE /services/{name}</c>: the owner deletes an app; the name and its balance stay the owner's for a while.</summary>
internal sealed class DeleteService(IAppStore store, DeployReservations reservations)
{
    public async Task HandleAsync(HttpContext context, string name)
    {
        if (await DeployToken.ReadAsync(context) is not { } account) return;
        var outcome = await store.DeleteAsync(name, account, context.RequestAborted);
        if (outcome == DeleteOutcome.Deleted) await reservations.ForgetAsync(account, name);
        var problem = outcome switch
        {
            DeleteOutcome.Deleted => null,
            DeleteOutcome.NoSuchApp => DeployProblems.NoSuchApp,
            DeleteOutcome.OtherOwner => DeployProblems.OtherOwner,
            _ => DeployProblems.StoreAway,
        };
        if (problem is null) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Problems.WriteAsync(context, problem);
    }
}
