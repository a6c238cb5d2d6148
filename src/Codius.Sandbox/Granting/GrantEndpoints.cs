using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NSec.Cryptography;
using OpenPayments.Net;
using OpenPayments.Net.Requests;
using static Codius.Sandbox.Granting.VisitorAddress;

namespace Codius.Sandbox.Granting;

/// <summary>
/// The authorization server of the visitor's wallet (GNAP): gives grants for quotes at once, and those for payments after the owner's
/// consent on the wallet's page.
/// </summary>
internal sealed class GrantEndpoints(VisitorAddress wallet, VisitorGrants grants, WalletClients clients, TimeProvider time)
{
    /// <summary>Where the owner decides.</summary>
    public const string ConsentPath = VisitorAddress.Path + "/consent/";

    private static readonly OpenPaymentsError NoContinuation =
        OpenPaymentsError.InvalidContinuation("There is nothing to continue: refused, expired, fetched before, or not by this client.");

    public Task RequestAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        var (request, error) = await SignedRequest.ReadAsync(context, wallet.Origin);
        GrantRequest? wanted = null;
        if (error is null && GrantRequest.Read(request!.Json() ?? default, wallet, out wanted) is { } fault)
            error = OpenPaymentsError.InvalidRequest(fault);
        PublicKey? key = null;
        if (error is null) (key, error) = await request!.VerifyAsync(wanted!.Client, clients.Keys, context.RequestAborted);
        if (error is not null) return (null, error);
        var name = wanted!.FinishUri is null ? "" : await clients.NameOfAsync(wanted.ClientAddress!, context.RequestAborted);
        // As Rafiki does: a client that asks the owner for consent must have a name.
        if (name is null) return (null, OpenPaymentsError.UnknownClient("The client's wallet address cannot be read."));
        var grant = new VisitorGrant(wanted, name, key!, time.GetUtcNow());
        grants.Add(grant);
        return (wanted.FinishUri is null ? Given(grant) : Pending(grant), null);
    });

    public Task ContinueAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        var (request, error) = await SignedRequest.ReadAsync(context, wallet.Origin);
        if (error is not null) return (null, error);
        if (Continued(context, request!) is not { } grant) return (null, NoContinuation);
        if (request!.Verify(grant.Key) is { } wrong) return (null, wrong);
        var reference = request.Json() is { } body ? Text(body, "interact_ref") : null;
        return grant.TryGive(reference, time.GetUtcNow()) ? (Given(grant), null) : (null, NoContinuation);
    });

    public Task CancelAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        var (request, error) = await SignedRequest.ReadAsync(context, wallet.Origin);
        if (error is not null) return (null, error);
        if (Continued(context, request!) is not { } grant) return (null, NoContinuation);
        if (request!.Verify(grant.Key) is { } wrong) return (null, wrong);
        grants.Remove(grant);
        return (null, null);
    });

    public Task RotateAsync(HttpContext context) => ManageAsync(context, grant =>
        grant.TryRotate(TokenOf(context), time.GetUtcNow()) ? new JsonObject { ["access_token"] = AccessToken(grant) } : null);

    public Task RevokeAsync(HttpContext context) => ManageAsync(context, grant =>
    {
        grants.Remove(grant);
        return null;
    });

    private Task ManageAsync(HttpContext context, Func<VisitorGrant, JsonObject?> change) => AnswerAsync(context, async () =>
    {
        var unknown = OpenPaymentsError.InvalidToken("The token is unknown.");
        var (request, error) = await SignedRequest.ReadAsync(context, wallet.Origin);
        if (error is not null) return (null, error);
        if (grants.Find(IdOf(context)) is not { } grant || !VisitorGrant.IsSame(TokenOf(context), grant.Token)) return (null, unknown);
        if (request!.Verify(grant.Key) is { } wrong) return (null, wrong);
        var json = change(grant);
        return (json, json is null && HttpMethods.IsPost(context.Request.Method) ? unknown : null);
    });

    private VisitorGrant? Continued(HttpContext context, SignedRequest request) =>
        grants.Find(IdOf(context)) is { } grant && VisitorGrant.IsSame(request.Token, grant.ContinueToken) ? grant : null;

    private JsonObject Pending(VisitorGrant grant) => new()
    {
        ["interact"] = new JsonObject { ["redirect"] = wallet.Origin + ConsentPath + grant.Id, ["finish"] = grant.FinishNonce },
        ["continue"] = Continuation(grant),
    };

    private JsonObject Given(VisitorGrant grant) =>
        new() { ["access_token"] = AccessToken(grant), ["continue"] = Continuation(grant) };

    private JsonObject Continuation(VisitorGrant grant) => new()
    {
        ["access_token"] = new JsonObject { ["value"] = grant.ContinueToken },
        ["uri"] = $"{wallet.AuthServer}/continue/{grant.Id}",
    };

    private JsonObject AccessToken(VisitorGrant grant) => new()
    {
        ["value"] = grant.Token,
        ["manage"] = $"{wallet.AuthServer}/token/{grant.Id}",
        ["expires_in"] = (int)VisitorGrant.TokenLifetime.TotalSeconds,
        ["access"] = new JsonArray(grant.Request.Access.DeepClone()),
    };

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string TokenOf(HttpContext context) => SignedRequest.GnapToken(context.Request) ?? "";

    private static async Task AnswerAsync(HttpContext context, Func<Task<(JsonObject? Json, OpenPaymentsError? Error)>> answer)
    {
        Answers.OpenToAll(context.Response);
        try
        {
            var (json, error) = await answer();
            if (error is not null) await Answers.WriteAsync(context, error);
            else if (json is not null) await Answers.WriteAsync(context, StatusCodes.Status200OK, json);
            else context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (OpenPaymentsUnavailableException)
        {
            await Answers.WriteAsync(context, OpenPaymentsError.TooFast("Too many requests for clients' keys; try again shortly."));
        }
    }
}
