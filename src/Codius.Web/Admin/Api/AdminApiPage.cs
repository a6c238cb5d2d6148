using System.Security.Cryptography;
using Codius.Web.Admin.Access;
using Scalar.AspNetCore;

namespace Codius.Web.Admin.Api;

/// <summary>The page on which the owner's API can be read and tried: Scalar's, from this program alone.</summary>
internal static class AdminApiPage
{
    private const string Path = "/admin/api";

    public static void MapAdminApiPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapScalarApiReference(Path, (options, context) =>
        {
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            context.Response.Headers.ContentSecurityPolicy = Policy(nonce);
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "same-origin";
            options.WithTitle("Codius host: the owner's API").WithNonce(nonce).WithOpenApiRoutePattern(AdminApi.Root + "/openapi.json")
                // Nothing of another host: no fonts, no proxy for requests, no reports, no assistant, no links to its maker's services.
                .DisableDefaultFonts().WithProxy("").DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools()
                .AddPreferredSecuritySchemes([AdminApiDocument.Scheme]);
        }).RequireScope(AdminScope.Read);

    // Its script writes styles, and runs no text as a script.
    private static string Policy(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
