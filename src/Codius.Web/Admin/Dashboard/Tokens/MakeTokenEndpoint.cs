using System.Globalization;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Api;
using Codius.Web.Admin.Dashboard.Actions;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;

namespace Codius.Web.Admin.Dashboard.Tokens;

/// <summary><c>/admin/tokens/make</c>: the form of a new admin token; the response to it alone has the token.</summary>
internal sealed class MakeTokenEndpoint(TokenActions tokens, AdminPage page, TimeProvider time)
{
    public const string Path = TokensEndpoint.Path + "/make";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (HttpContext context, MakeTokenEndpoint make) =>
            make.WriteAsync(context, StatusCodes.Status200OK, new MakeTokenModel("", ["read"], 90, "")))
            .RequireSession([.. AdminScopes.All]);
        endpoints.MapPost(Path, (HttpContext context, MakeTokenEndpoint make) => make.PostAsync(context))
            .RequireSession([.. AdminScopes.All]);
    }

    private async Task PostAsync(HttpContext context)
    {
        var sent = await context.Request.ReadFormAsync(context.RequestAborted);
        var isLife = int.TryParse(sent["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && MakeTokenModel.Lives.Contains(days);
        var scopes = AdminScopes.Parse([.. sent["scopes"].OfType<string>()]);
        var model = new MakeTokenModel(
            sent["name"].ToString().Trim(), [.. (scopes ?? []).Select(AdminScopes.NameOf)], isLife ? days : 90,
            sent[ActionForm.ReasonField].ToString().Trim());
        var errors = new Dictionary<string, string>();
        if (!AdminTokens.IsName(model.Name))
            errors["name"] = $"Write 1 to 32 of a-z, 0-9 and hyphens; {AdminIdentity.OfSettings} is the token of the settings.";
        if (scopes is null) errors["scopes"] = "Choose what it may do.";
        if (!isLife) errors["days"] = "Choose how long it works.";
        if (!Reasons.IsReason(model.Reason))
            errors[ActionForm.ReasonField] = "Say in up to 500 characters why: others read it in the audit log.";
        if (errors.Count > 0)
        {
            await WriteAsync(context, StatusCodes.Status422UnprocessableEntity, model with { Errors = errors });
            return;
        }
        var end = time.GetUtcNow().AddDays(days);
        var made = await tokens.MakeAsync(context.Admin(), model.Name, scopes!, end, model.Reason);
        if (made is { } token)
            await WriteAsync(context, StatusCodes.Status200OK, model with { Token = token.Token, Ends = end });
        else
        {
            errors["name"] = $"Another token has this name, or there are {AdminTokens.Most} already.";
            await WriteAsync(context, StatusCodes.Status409Conflict, model with { Errors = errors });
        }
    }

    private Task WriteAsync(HttpContext context, int status, MakeTokenModel model) =>
        page.WriteAsync<MakeTokenPage>(context, context.AdminFrame("Tokens"), model, status);
}
