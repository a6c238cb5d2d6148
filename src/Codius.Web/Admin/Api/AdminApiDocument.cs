using Codius.Web.Admin.Access;
using Microsoft.OpenApi;

namespace Codius.Web.Admin.Api;

/// <summary>The OpenAPI document of the owner's API, made when it is first read.</summary>
internal static class AdminApiDocument
{
    public const string Scheme = "adminToken";

    private static readonly string Prefix = AdminApi.Root.TrimStart('/');

    public static IServiceCollection AddAdminApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // The framework sees the endpoints of all tables; HEAD goes with each GET.
        options.ShouldInclude = endpoint =>
            endpoint.RelativePath?.StartsWith(Prefix, StringComparison.Ordinal) == true && !HttpMethods.IsHead(endpoint.HttpMethod ?? "");
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Codius host: the owner's API",
                Version = "v1",
                Description = "See and steer a Codius host. Amounts are whole units of the host's asset, as decimal strings.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An admin token: that of the setting Admin:Token, or one made by POST /admin/api/v1/tokens.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            Describe(operation, context.Description.ActionDescriptor.EndpointMetadata, context.Document!);
            return Task.CompletedTask;
        });
    });

    public static void MapAdminApiDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi(AdminApi.Root + "/openapi.json").RequireScope(AdminScope.Read);

    private static void Describe(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem: what went wrong, and what to do (RFC 9457).",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
            },
        };
        foreach (var key in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(each => each.Name == MoneyRequests.Key))
            key.Required = true;
        if (metadata.OfType<RequiredScopes>().LastOrDefault() is not { } required) return;
        var scopes = required.Scopes.Select(AdminScopes.NameOf).ToList();
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = scopes },
        ];
        operation.Description = $"{operation.Description}\n\nScopes: {string.Join(", ", scopes)}.".Trim();
    }
}
