using Codius.Shared;
using Codius.Web.Balances.WalletPayments;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// Whoever reads an incoming payment may know of money for it: a payer's wallet, or a page whose browser paid. The gateway looks at the
/// host's wallet at once then.
/// </summary>
internal sealed class WalletHints(
    HostWalletState state, WalletPaymentSchedule schedule, WalletLooks looks, WalletCallBudget budget, TimeProvider time)
{
    // A wallet reads a payment six times before it pays; the looks that follow the first hint see the money.
    private readonly TokenBuckets<Guid> _payments = new(time, perSecond: 1, burst: 1);

    /// <summary>A request was answered; one over the client's part is looked at by the schedule alone.</summary>
    public async ValueTask AnsweredAsync(HttpContext context)
    {
        if (!state.IsMode || !HttpMethods.IsGet(context.Request.Method) || context.Response.StatusCode != StatusCodes.Status200OK
            || !Guid.TryParseExact(context.Request.RouteValues["id"] as string, "D", out var id)
            || !_payments.TryAcquire(id, out _) || !budget.TryHint(context.Connection.RemoteIpAddress)) return;
        await schedule.HintAsync(id);
        looks.Wake();
    }
}
