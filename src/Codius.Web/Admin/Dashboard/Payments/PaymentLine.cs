using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Payments;

/// <summary>A payment into an account of the host.</summary>
/// <param name="Account">The account.</param>
/// <param name="App">The name of the app it is of; null for a deploy token's.</param>
/// <param name="What">How it came, in words.</param>
/// <param name="Who">The payer's wallet address; null if it is not known.</param>
/// <param name="Reference">Its reference; null if only its packet is known.</param>
/// <param name="LastAt">When it last grew; null if that is not known.</param>
/// <param name="Amount">How much; null if its statement has it no more.</param>
public sealed record PaymentLine(
    string Account, string? App, string What, string? Who, string? Reference, DateTimeOffset? LastAt, string? Amount)
{
    internal static PaymentLine Of(PaymentRow row, Asset asset) => new(
        row.Account, AccountId.OfApp(row.Account).IsDeployToken ? null : row.Account,
        row.Reference is null ? "A packet, a short time ago" : StatementModel.PaidBy(row.Way), row.Entry?.Payer, row.Reference,
        row.Entry?.Last ?? row.LastAt, row.Entry is { } entry ? "+" + asset.Format(entry.Amount) : null);
}
