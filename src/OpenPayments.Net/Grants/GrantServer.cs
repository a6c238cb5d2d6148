using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Requests;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Grants;

/// <summary>The authorization server: gives grants for incoming payments at once, rotates and ends their tokens (GNAP, RFC 9635).</summary>
internal sealed class GrantServer(
    OpenPaymentsOptions options, GrantTokens tokens, ICancelledGrants cancelled, ClientKeys keys, IWalletAddresses addresses, TimeProvider time, IGrantDoor? door = null)
{
    /// <summary><c>POST {authServer}</c>: a grant. A wish for interaction is ignored: nobody needs to be asked whether money may come in.</summary>
    public async Task RequestAsync(HttpContext context)
    {
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        if (request!.Json() is not { ValueKind: JsonValueKind.Object } json
            || !json.TryGetProperty("access_token", out var wanted) || wanted.ValueKind != JsonValueKind.Object || !wanted.TryGetProperty("access", out var list))
        {
            await Answers.WriteAsync(context, OpenPaymentsError.InvalidRequest("The body must be a JSON object with access_token.access and client."));
            return;
        }
        error = Read(json, list, out var client, out var access);
        if (error is null && !await MayEnterAsync(context, access)) return;
        error ??= await request.VerifyAsync(client!, keys, context.RequestAborted);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        await Answers.WriteAsync(context, 200, Answer(New(RandomId(), client!, access)));
    }

    /// <summary><c>DELETE {authServer}/continue/{id}</c>: the client is done; its tokens are dead from now on.</summary>
    public async Task CancelAsync(HttpContext context)
    {
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        Grant? grant = null;
        if (error is null && (request!.Token is not { } token || !tokens.TryOpenContinuation(token, out grant) || grant.Id != IdOf(context)
            // The grant alone: its first token may have been rotated away since.
            || await cancelled.IsCancelledAsync(grant.Id, grant.Id, context.RequestAborted)))
            error = OpenPaymentsError.InvalidContinuation("This continuation token does not belong to this grant, or the grant is gone.");
        error ??= await request!.VerifyAsync(grant!.Client, keys, context.RequestAborted);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        await cancelled.CancelAsync(grant!.Id, EndOf(grant), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary><c>POST {authServer}/continue/{id}</c>: there is nothing to continue, since nothing was ever pending.</summary>
    public static Task ContinueAsync(HttpContext context) =>
        Answers.WriteAsync(context, OpenPaymentsError.InvalidContinuation("This grant was given at once; there is nothing to continue."));

    /// <summary><c>POST {authServer}/token/{id}</c>: a fresh token for one that may have expired; the old one is dead.</summary>
    public async Task RotateAsync(HttpContext context)
    {
        var (error, grant) = await OpenForManagementAsync(context);
        // Of two simultaneous rotations only the one that cancels the old token goes on.
        if (error is null && !await cancelled.CancelAsync(grant!.TokenId, EndOf(grant), context.RequestAborted))
            error = OpenPaymentsError.InvalidToken("This token was rotated already.");
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        await Answers.WriteAsync(context, 200, new JsonObject { ["access_token"] = AccessToken(New(grant!.Id, grant.Client, grant.Access)) });
    }

    /// <summary><c>DELETE {authServer}/token/{id}</c>: the token is dead.</summary>
    public async Task RevokeAsync(HttpContext context)
    {
        var (error, grant) = await OpenForManagementAsync(context);
        if (error is not null) { await Answers.WriteAsync(context, error); return; }
        await cancelled.CancelAsync(grant!.TokenId, EndOf(grant), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async ValueTask<bool> MayEnterAsync(HttpContext context, List<Access> access)
    {
        if (door is null) return true;
        foreach (var account in access.Select(item => item.Identifier).OfType<string>().Distinct())
            if (!await door.EnterAsync(context, addresses.Find(account)!.Account)) return false;
        return true;
    }

    private OpenPaymentsError? Read(JsonElement json, JsonElement list, out Client? client, out List<Access> access)
    {
        client = null;
        if (Access.Read(list, out access) is { } fault) return OpenPaymentsError.InvalidRequest(fault);
        foreach (var item in access)
            if (item.Identifier is { } identifier && addresses.Find(identifier) is null)
                return OpenPaymentsError.InvalidRequest($"{identifier} is not a wallet address of this host.");
        if (!json.TryGetProperty("client", out var named)) return OpenPaymentsError.UnknownClient("client is missing: name your wallet address.");
        return Client.Read(named, out client) is { } strange ? OpenPaymentsError.UnknownClient(strange) : null;
    }

    private async Task<(OpenPaymentsError? Error, Grant? Grant)> OpenForManagementAsync(HttpContext context)
    {
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        if (error is not null) return (error, null);
        if (request!.Token is not { } token || !tokens.TryOpenAccess(token, out var grant) || grant.TokenId != IdOf(context)
            || EndOf(grant) <= time.GetUtcNow() || await cancelled.IsCancelledAsync(grant.Id, grant.TokenId, context.RequestAborted))
            return (OpenPaymentsError.InvalidToken("This token is unknown, was rotated or revoked, or expired too long ago; ask for a new grant."), null);
        return (await request.VerifyAsync(grant.Client, keys, context.RequestAborted), grant);
    }

    private Grant New(string id, Client client, IReadOnlyList<Access> access) => new(id, RandomId(), client, access, time.GetUtcNow() + options.TokenLifetime);

    private DateTimeOffset EndOf(Grant grant) => grant.ExpiresAt + options.RotateWithin;

    private JsonObject Answer(Grant grant) => new()
    {
        ["access_token"] = AccessToken(grant),
        ["continue"] = new JsonObject
        {
            ["access_token"] = new JsonObject { ["value"] = tokens.SealContinuation(grant) },
            ["uri"] = $"{options.AuthServer}/continue/{grant.Id}",
        },
    };

    private JsonObject AccessToken(Grant grant) => new()
    {
        ["value"] = tokens.SealAccess(grant),
        ["manage"] = $"{options.AuthServer}/token/{grant.TokenId}",
        ["expires_in"] = (int)options.TokenLifetime.TotalSeconds,
        ["access"] = new JsonArray([.. grant.Access.Select(access => access.ToJson())]),
    };

    private static string? IdOf(HttpContext context) => context.Request.RouteValues["id"] as string;

    private static string RandomId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
