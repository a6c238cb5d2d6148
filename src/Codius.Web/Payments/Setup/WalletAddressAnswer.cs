using System.Text.Json.Nodes;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Interledger.Net.Spsp;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.Setup;

/// <summary>Answers those who look an account up without asking for SPSP: the Open Payments wallet address, and the gateway's key beside it.</summary>
internal sealed class WalletAddressAnswer(IWalletAddresses addresses, OpenPaymentsOptions servers, MessageSigner signer, IOptions<PaymentsOptions> options)
{
    private static readonly Problem OnlySpsp = new(404, "only-spsp", "There is no wallet address here",
        $"This host's money is received by a wallet elsewhere, which SPSP leads to: ask again with 'Accept: {SpspResponse.MediaType}'.");

    public Task WriteAsync(HttpContext context, AccountId account) => options.Value.Mode == PaymentsMode.Wallet
        ? Problems.WriteAsync(context, OnlySpsp)
        : JsonAsync(context, addresses.OfAccount(account.ToString())!.ToJson(servers));

    /// <summary>What the gateway signs with when it is itself a client.</summary>
    public Task WriteKeysAsync(HttpContext context) => JsonAsync(context, new JsonObject { ["keys"] = new JsonArray(signer.PublicJwk.ToJson()) });

    /// <summary>There is no such wallet address.</summary>
    public static Task NobodyAsync(HttpContext context)
    {
        var error = OpenPaymentsError.NotFound("There is no such wallet address on this host.");
        context.Response.StatusCode = error.Status;
        return JsonAsync(context, new JsonObject { ["error"] = new JsonObject { ["code"] = error.Code, ["description"] = error.Description } }, "no-store");
    }

    private static Task JsonAsync(HttpContext context, JsonObject json, string cache = "public, max-age=300")
    {
        context.Response.Headers.CacheControl = cache;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }
}
