using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>The payments of the whole host, and the wallets that receive them.</summary>
internal static class PaymentEndpoints
{
    private static readonly string[] Ways = ["stream", "receipt", "wallet"];

    public static RouteGroupBuilder MapPayments(this RouteGroupBuilder api)
    {
        var payments = api.MapGroup("").WithTags("Payments").RequireScope(AdminScope.Read);
        payments.MapGet("/payments", ListAsync).WithName("listPayments")
            .WithSummary("Lists the newest payments of the host, or finds one, whatever account it paid")
            .WithDescription("By the time at which each last grew, to a minute: one that goes on moves to the first page. With one of "
                + "reference (an incoming payment's or a connection's id), nonce (16 bytes, of a receipt) and condition (32 bytes, of a "
                + $"packet of the last minutes, among the {HostPayments.MostAccounts} payments that grew last): that payment alone. The "
                + "host lists IncomingPayments:MostListedOfHost payments of at least Prices:PerRequest; /accounts/{account}/payments finds "
                + "older and smaller ones.");
        payments.MapGet("/wallets", ListWalletsAsync).WithName("listWallets")
            .WithSummary("Lists the wallets that receive the host's payments")
            .WithDescription("None, if the gateways receive them. Payments that were given up may be money that an account lacks.");
        return api;
    }

    private static async Task<Results<Ok<Page<PaymentModel>>, ApiProblem>> ListAsync(
        HostPayments payments, [FromServices] Asset asset, TimeProvider time, string? cursor, int? size, string? way,
        DateTimeOffset? from, DateTimeOffset? until, string? reference, string? nonce, string? condition, CancellationToken cancellation)
    {
        Ok<Page<PaymentModel>> Found(IEnumerable<PaymentRow> rows, string? next = null) =>
            TypedResults.Ok(new Page<PaymentModel>([.. rows.Select(row => PaymentModel.Of(row, asset))], next));

        switch (new[] { reference, condition, nonce }.Count(given => given is not null))
        {
            case 0:
                if (Paging.SizeOf(size) is not { } most) return ApiProblem.BadPageSize;
                if (way is not null && !Ways.Contains(way))
                    return ApiProblem.Bad("way", $"way must be one of {string.Join(", ", Ways)}.");
                if (!TimeRange.IsGood(from, until, time.GetUtcNow())) return TimeRange.Bad;
                return await payments.ReadAsync(new PaymentQuery(cursor, most, way, from, until), cancellation) is { } page
                    ? Found(page.Rows, page.Next) : ApiProblem.BadCursor;
            case > 1:
                return ApiProblem.Bad("reference", "Send one of reference, condition and nonce at most.");
        }
        if (reference is not null)
        {
            return reference.Length is > 0 and <= 200 && !reference.Any(char.IsControl)
                ? Found(await payments.ByReferenceAsync(reference, cancellation))
                : ApiProblem.Bad("reference", "reference must be 1 to 200 visible characters.");
        }
        if (nonce is not null)
        {
            return PaymentFinder.Bytes(nonce, 16) is { } sixteen
                ? Found(await payments.ByNonceAsync(sixteen, cancellation))
                : ApiProblem.Bad("nonce", "nonce must be 16 bytes in base64, base64url or hexadecimal.");
        }
        return PaymentFinder.Bytes(condition, 32) is { } bytes
            ? Found(await payments.ByConditionAsync(bytes, cancellation))
            : ApiProblem.Bad("condition", "condition must be 32 bytes in base64, base64url or hexadecimal.");
    }

    private static async Task<Ok<Page<WalletModel>>> ListWalletsAsync(
        WalletRows rows, [FromServices] Asset asset, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<WalletModel>([.. (await rows.ReadAsync(cancellation)).Select(row => WalletModel.Of(row, asset))], null));

    /// <summary>A payment; without an amount if the account's statement has it no more.</summary>
    internal sealed record PaymentModel(
        string Account, string Way, string? Reference, DateTimeOffset? At, DateTimeOffset? LastAt, AmountModel? Amount, string? Payer)
    {
        public static PaymentModel Of(PaymentRow row, Asset asset) => new(
            row.Account, row.Way, row.Reference, row.Entry?.At, row.Entry?.Last ?? row.LastAt, AmountModel.Of(row.Entry?.Amount, asset),
            row.Entry?.Payer);
    }

    /// <summary>A wallet that receives the host's payments.</summary>
    internal sealed record WalletModel(
        string Pointer, string? Address, string State, string? Stopped, string? LastFailure, DateTimeOffset? LastFailureAt,
        long OpenPayments, long ClosingPayments, long DueLooks, AmountModel ReceivedTotal, AmountModel ReceivedToday,
        IReadOnlyList<GivenUpModel> GivenUp)
    {
        public static WalletModel Of(WalletRow row, Asset asset) => new(
            row.Wallet.Pointer, row.Wallet.Address, row.Wallet.State, row.Wallet.Stopped, row.Wallet.LastFailure, row.Wallet.LastFailureAt,
            row.Wallet.OpenPayments, row.Wallet.ClosingPayments, row.Wallet.DueLooks, AmountModel.Of(row.ReceivedTotal, asset),
            AmountModel.Of((Int128)row.ReceivedToday, asset),
            [
                .. row.Wallet.GivenUp.Select(payment => new GivenUpModel(payment.Id, payment.Account.ToString(), payment.CreatedAt,
                    payment.ExpiresAt, payment.At, payment.Why)),
            ]);
    }

    /// <summary>A payment that could not be credited, and is looked at no more.</summary>
    internal sealed record GivenUpModel(
        Guid Id, string Account, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset At, string Why);
}
