using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NSec.Cryptography;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Requests;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Grants;

/// <summary>The authorization server: gives grants for incoming payments at once, rotates and ends their tokens (GNAP, RFC 9635).</summary>
internal sealed class GrantServer(
    OpenPaymentsOptions options, GrantTokens tokens, ICancelledGrants cancelled, ClientKeys keys, IWalletAddresses addresses,
    TimeProvider time, IGrantRateLimiter? rateLimiter = null)
{
    private static readonly OpenPaymentsError UnknownToken = OpenPaymentsError.InvalidToken(
        "This token is unknown, was rotated or revoked, or expired too long ago; ask for a new grant.");

    /// <summary><c>POST {authServer}</c>: a grant. <c>interact</c> is ignored: receiving money needs nobody's consent.</summary>
    public async Task RequestAsync(HttpContext context)
    {
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        if (request!.Json() is not { ValueKind: JsonValueKind.Object } json
            || !json.TryGetProperty("access_token", out var wanted) || wanted.ValueKind != JsonValueKind.Object
            || !wanted.TryGetProperty("access", out var list))
        {
            await Answers.WriteAsync(context,
                OpenPaymentsError.InvalidRequest("The body must be a JSON object with access_token.access and client."));
            return;
        }
        error = Read(json, list, out var client, out var access);
        PublicKey? key = null;
        if (error is null) (key, error) = await request.VerifyAsync(client!, keys, context.RequestAborted);
        // Only now: who signs nothing must not use up what others may ask for the accounts.
        if (error is null && !await MayEnterAsync(context, access)) return;
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        var expiresAt = time.GetUtcNow() + options.TokenLifetime;
        await Answers.WriteAsync(context, 200,
            Answer(new Grant(RandomId(), RandomId(), client!.Id, key!, access, expiresAt, expiresAt + options.RotateWithin)));
    }

    /// <summary><c>DELETE {authServer}/continue/{id}</c>: the client is done; its tokens are dead from now on.</summary>
    public async Task CancelAsync(HttpContext context)
    {
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        Continuation? grant = null;
        if (error is null
            && (request!.Token is not { } token || !tokens.TryOpenContinuation(token, out grant) || grant.GrantId != IdOf(context)
            // The grant alone: its first token may have been rotated away since.
            || await cancelled.IsCancelledAsync(grant.GrantId, grant.GrantId, context.RequestAborted)))
            error = OpenPaymentsError.InvalidContinuation("This continuation token does not belong to this grant, or the grant is gone.");
        error ??= request!.Verify(grant!.Key);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        await EndAsync(context, grant!.GrantId, grant.EndsAt);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary><c>POST {authServer}/continue/{id}</c>: there is nothing to continue, since nothing was ever pending.</summary>
    public static Task ContinueAsync(HttpContext context) =>
        Answers.WriteAsync(context, OpenPaymentsError.InvalidContinuation("This grant was given at once; there is nothing to continue."));

    /// <summary><c>POST {authServer}/token/{id}</c>: a fresh token for one that may have expired; the old one is dead.</summary>
    public async Task RotateAsync(HttpContext context)
    {
        var (error, grant) = await OpenForManagementAsync(context);
        // A token names accounts, an answer their wallet addresses; what is not here any more is left out.
        var access = grant?.Access.Where(item => item.Account is null || addresses.OfAccount(item.Account) is not null).ToArray();
        if (access is []) error ??= OpenPaymentsError.InvalidToken("No wallet address of this grant is here any more.");
        // Of two simultaneous rotations only the one that cancels the old token goes on.
        if (error is null && !await EndAsync(context, grant!.TokenId, grant.EndsAt))
            error = OpenPaymentsError.InvalidToken("This token was rotated already.");
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        var rotated = grant! with { TokenId = RandomId(), Access = access!, ExpiresAt = time.GetUtcNow() + options.TokenLifetime };
        await Answers.WriteAsync(context, 200, new JsonObject { ["access_token"] = AccessToken(rotated) });
    }

    /// <summary><c>DELETE {authServer}/token/{id}</c>: the token is dead.</summary>
    public async Task RevokeAsync(HttpContext context)
    {
        var (error, grant) = await OpenForManagementAsync(context);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        await EndAsync(context, grant!.TokenId, grant.EndsAt);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private ValueTask<bool> EndAsync(HttpContext context, string id, DateTimeOffset endsAt) =>
        cancelled.CancelAsync(id, endsAt, context.Connection.RemoteIpAddress, context.RequestAborted);

    private async ValueTask<bool> MayEnterAsync(HttpContext context, List<Access> access)
    {
        if (rateLimiter is null) return true;
        foreach (var account in access.Select(item => item.Account).OfType<string>())
            if (!await rateLimiter.TryEnterAsync(context, account)) return false;
        return true;
    }

    private OpenPaymentsError? Read(JsonElement json, JsonElement list, out Client? client, out List<Access> access)
    {
        client = null;
        if (Access.Read(list, addresses, out access) is { } fault) return OpenPaymentsError.InvalidRequest(fault);
        if (!GrantTokens.Fits(access))
            return OpenPaymentsError.InvalidRequest(
                "These are more wallet addresses than one grant can name; ask for a grant for each of them.");
        if (!json.TryGetProperty("client", out var named))
            return OpenPaymentsError.UnknownClient("client is missing: name your wallet address.");
        return Client.Read(named, out client) is { } strange ? OpenPaymentsError.UnknownClient(strange) : null;
    }

    private async Task<(OpenPaymentsError? Error, Grant? Grant)> OpenForManagementAsync(HttpContext context)
    {
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        if (error is not null) return (error, null);
        if (request!.Token is not { } token || !tokens.TryOpenAccess(token, out var grant) || grant.TokenId != IdOf(context)
            || grant.EndsAt <= time.GetUtcNow() || await cancelled.IsCancelledAsync(grant.Id, grant.TokenId, context.RequestAborted))
            return (UnknownToken, null);
        return (request.Verify(grant.Key), grant);
    }

    private JsonObject Answer(Grant grant) => new()
    {
        ["access_token"] = AccessToken(grant),
        ["continue"] = new JsonObject
        {
            ["access_token"] = new JsonObject { ["value"] = tokens.SealContinuation(grant) },
            ["uri"] = options.ContinueUrlOf(grant.Id),
        },
    };

    private JsonObject AccessToken(Grant grant) => new()
    {
        ["value"] = tokens.SealAccess(grant),
        ["manage"] = options.ManageUrlOf(grant.TokenId),
        ["expires_in"] = (int)options.TokenLifetime.TotalSeconds,
        ["access"] = new JsonArray([.. grant.Access.Select(access => access.ToJson(addresses))]),
    };

    private static string? IdOf(HttpContext context) => context.Request.RouteValues["id"] as string;

    private static string RandomId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
