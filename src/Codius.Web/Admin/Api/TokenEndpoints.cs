using System.Text.Json.Serialization;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Codius.Web.Admin.Api;

/// <summary>The admin tokens: which there are, making and revoking them.</summary>
internal static class TokenEndpoints
{
    public static RouteGroupBuilder MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens");
        tokens.MapGet("", ListAsync).RequireScope(AdminScope.Read).WithName("listTokens")
            .WithSummary("Lists the admin tokens that were made by this API").WithDescription("The tokens themselves are never shown.");
        tokens.MapPost("", MakeAsync).RequireScope([.. AdminScopes.All]).Audited(TokenActions.Make).WithName("makeToken")
            .WithSummary("Makes an admin token")
            .WithDescription("The token is in this response and nowhere else: the host keeps its hash. Needs all scopes.");
        tokens.MapPost("/{name}:revoke", RevokeAsync).RequireScope([.. AdminScopes.All]).Audited(TokenActions.Revoke)
            .WithName("revokeToken").WithSummary("Revokes an admin token")
            .WithDescription("It works nowhere any more after two seconds. The token of the settings is revoked by changing them.");
        return api;
    }

    private static async Task<Ok<Page<TokenModel>>> ListAsync(AdminTokens tokens) =>
        TypedResults.Ok(new Page<TokenModel>([.. (await tokens.ListAsync()).Select(TokenModel.Of)], null));

    private static async Task<Results<Created<MadeTokenModel>, ApiProblem>> MakeAsync(
        MakeTokenModel body, TokenActions actions, HttpContext context)
    {
        if (!Reasons.IsReason(body.Reason)) return ApiProblem.NoReason;
        if (!AdminTokens.IsName(body.Name))
        {
            return ApiProblem.Bad("name",
                $"name must be 1 to 32 of a-z, 0-9 and hyphens, and not '{AdminIdentity.OfSettings}', which is the token of the settings.");
        }
        if (AdminScopes.Parse(body.Scopes) is not { } scopes)
            return ApiProblem.Bad("scopes", "scopes must be one or more of read, operate and money.");
        if (!actions.IsEnd(body.ExpiresAt))
            return ApiProblem.Bad("expiresAt", $"expiresAt must be in the next {AdminTokens.LongestLife.Days} days.");
        return await actions.MakeAsync(context.Admin(), body.Name, scopes, body.ExpiresAt, body.Reason) is { } made
            ? TypedResults.Created(default(string), new MadeTokenModel(made.Token, TokenModel.Of(made.Record)))
            : ApiProblem.Conflict("no-such-token-possible",
                $"Another token has this name, or there are {AdminTokens.Most} already. Revoke one, or choose another name.");
    }

    private static async Task<Results<NoContent, ApiProblem>> RevokeAsync(
        string name, RevokeTokenModel body, TokenActions actions, HttpContext context)
    {
        if (!Reasons.IsReason(body.Reason)) return ApiProblem.NoReason;
        return AdminTokens.IsName(name) && await actions.RevokeAsync(context.Admin(), name, body.Reason)
            ? TypedResults.NoContent()
            : ApiProblem.NotFound("no-such-token", "No token that was made by this API has this name.");
    }

    /// <summary>A token as lists show it.</summary>
    internal sealed record TokenModel(
        string Name, IReadOnlyList<string> Scopes, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset ExpiresAt)
    {
        public static TokenModel Of(NamedToken token) => new(
            token.Name, [.. token.Scopes.Select(AdminScopes.NameOf)], token.MadeAt, token.MadeBy, token.ExpiresAt);
    }

    /// <summary>A token to be made.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record MakeTokenModel(string Name, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt, string Reason);

    /// <summary>A token that was made.</summary>
    internal sealed record MadeTokenModel(string Token, TokenModel About);

    /// <summary>Why a token is revoked.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record RevokeTokenModel(string Reason);
}
