using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>
/// <c>POST /token</c>: authenticates a bearer token for the API server if it is a deploy token that can pay the smallest deploy or owns an
/// app. It never charges: kubectl sends one token many times, and the API server caches the answer for a while.
/// </summary>
internal sealed partial class TokenReviewEndpoint(
    DeployFunds funds, DeployPrice price, IAppStore store, DeployProblems problems, ILogger<TokenReviewEndpoint> log)
{
    private const string Version1 = "authentication.k8s.io/v1";
    private const int MaxBytes = 64 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var review = await ReadAsync(context);
        var status = review?.Spec?.Token is { Length: > 0 } token
            ? DeployToken.Fault(token) is { } fault ? Refused(fault)
                : await AnswerAsync(AccountId.OfDeployToken(token), context.RequestAborted)
            : Refused("This is not a TokenReview with a token.");
        var answer = new TokenReview(review?.ApiVersion ?? Version1, "TokenReview", Status: status);
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, TokenReviewJson.Default.TokenReview, context.RequestAborted);
    }

    private async ValueTask<TokenReviewStatus> AnswerAsync(AccountId account, CancellationToken cancellation)
    {
        try
        {
            // The owner of an app may read it, apply it again for free, and delete it. An unknown token costs one read.
            if (await store.OwnsAnyAsync(account, cancellation)) return Authenticated(account);
            var has = await funds.ReadAsync(account, cancellation);
            return has >= price.Least ? Authenticated(account) : Refused(problems.NotEnoughText(account, has));
        }
        catch (Exception away) when (away is LedgerUnavailableException or AppStoreUnavailableException)
        {
            LogUnavailable(away);
            return Refused("The host cannot look up deploy tokens right now; try again in a few seconds.");
        }
    }

    private static TokenReviewStatus Authenticated(AccountId account) =>
        new(true, new TokenUser(Deployer.UserOf(account), account.ToString(), [Deployer.Group]));

    private static TokenReviewStatus Refused(string error) => new(false, Error: error);

    private static async ValueTask<TokenReview?> ReadAsync(HttpContext context)
    {
        if (await BoundedBody.ReadAsync(context.Request, MaxBytes, context.RequestAborted) is not { } body) return null;
        try
        {
            return JsonSerializer.Deserialize(body.Span, TokenReviewJson.Default.TokenReview);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A deploy token could not be looked up")]
    private partial void LogUnavailable(Exception away);
}
