using System.Text.Json;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Tests.Hosting;
using Codius.Web.Tests.Payments;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>
/// Who may use which operation, for each operation that the OpenAPI document has: one that a later change adds without a rule fails here.
/// </summary>
public sealed class EndpointRightsTests
{
    private static readonly string[] Described = ["operationId", "summary", "tags", "security"];

    [Fact]
    public async Task Every_operation_refuses_no_wrong_expired_and_too_narrow_tokens_before_it_looks_at_the_request()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: ["Gateway:PerClientBurst=1000000"]);
        using var owner = OwnersClient.Of(gateway);
        using var nobody = new OwnersClient(gateway.ManagementPort, null);
        using var wrong = new OwnersClient(gateway.ManagementPort, "a-token-that-nobody-made");
        var tokens = gateway.Services.GetRequiredService<AdminTokens>();
        var past = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddMinutes(-1);
        using var expired = new OwnersClient(
            gateway.ManagementPort, (await tokens.MakeAsync("expired", AdminScopes.All, past, "a test"))!.Value.Token);
        var narrow = new Dictionary<string, OwnersClient>();
        foreach (var scope in AdminScopes.All)
            narrow[AdminScopes.NameOf(scope)] = await OwnersClient.WithAsync(gateway, [.. AdminScopes.All.Except([scope])]);
        var operations = Operations((await owner.GetAsync("/openapi.json")).Json).ToList();

        Assert.NotEmpty(operations);
        var faults = new List<string>();
        foreach (var (method, path, scopes) in operations)
        {
            var url = "/" + path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            async Task Expect(OwnersClient client, int status, string who)
            {
                var answer = await client.SendAsync(method, url, method == HttpMethod.Get ? null : "not even JSON");
                if (answer.Status != status || answer.Type != "application/problem+json")
                    faults.Add($"{method} {path}, {who}: {answer.Status}");
            }

            if (scopes.Count == 0) faults.Add($"{method} {path}: declares no scope");
            await Expect(nobody, 401, "no token");
            await Expect(wrong, 401, "a wrong token");
            await Expect(expired, 401, "an expired token");
            foreach (var scope in scopes) await Expect(narrow[scope], 403, $"a token without {scope}");
        }
        foreach (var client in narrow.Values) client.Dispose();
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Every_URL_below_admin_requires_a_scope_or_the_token_of_the_settings_and_every_change_is_audited()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var nobody = new OwnersClient(gateway.ManagementPort, null);
        // The table is built when it is first asked for.
        Assert.Equal(401, (await nobody.GetAsync("/summary")).Status);
        // Pages of the dashboard have sessions, and the sign-in needs none.
        var endpoints = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/admin/api/v1", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(endpoints);
        var faults =
            from endpoint in endpoints
            let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            let changes = methods.Any(method => method is not ("GET" or "HEAD"))
            let scopes = endpoint.Metadata.GetMetadata<RequiredScopes>()?.Scopes ?? []
            where scopes.Count == 0 || methods.Count == 0
                || (changes && (endpoint.Metadata.GetMetadata<AuditAction>() is null || scopes is [AdminScope.Read]))
            select $"{string.Join(',', methods)} {endpoint.RoutePattern.RawText}";
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Whatever_is_below_admin_asks_for_a_scope_a_session_or_the_token_of_the_settings_but_the_sign_in_and_its_assets()
    {
        await using var gateway = await PayableGateway.StartAsync();
        var tables = Gateway.TablesOf(gateway.Services);
        var endpoints = new[] { tables.Owner, tables.Management }
            .SelectMany(map => EndpointTable.EndpointsOf(gateway.Services, map))
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("admin", StringComparison.Ordinal)).ToList();

        Assert.InRange(endpoints.Count, 40, 200);
        var open =
            from endpoint in endpoints
            where endpoint.Metadata.GetMetadata<RequiredScopes>() is null or { Scopes.Count: 0 }
                && endpoint.Metadata.GetMetadata<RequiredSession>() is null
                && endpoint.Metadata.GetMetadata<RequiredAdminToken>() is null
            let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"]
            select $"{string.Join(',', methods)} {endpoint.RoutePattern.RawText}";
        Assert.Equal(
            ["GET /admin/assets/{version}/{file}", "GET /admin/sign-in", "POST /admin/sign-in"], open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_describes_every_operation_with_a_name_a_summary_a_scope_and_its_problems()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);

        var document = (await owner.GetAsync("/openapi.json")).Json;

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Value))).ToList();
        Assert.Empty(
            from operation in operations
            where Described.Any(part => !operation.Value.TryGetProperty(part, out _))
                || !operation.Value.GetProperty("responses").TryGetProperty("default", out _)
            select operation.Name);
        var names = operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    private static IEnumerable<(HttpMethod Method, string Path, IReadOnlyList<string> Scopes)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let security = operation.Value.TryGetProperty("security", out var given)
            ? given.EnumerateArray().SelectMany(each => each.EnumerateObject())
                .SelectMany(scheme => scheme.Value.EnumerateArray().Select(scope => scope.GetString()!))
            : []
        select (HttpMethod.Parse(operation.Name), path.Name, (IReadOnlyList<string>)[.. security]);
}
