using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Admin.Access;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>A client of the owner's API, with a token of its own.</summary>
internal sealed class OwnersClient : IDisposable
{
    private const string Root = "/admin/api/v1";
    private readonly HttpClient _http;

    public OwnersClient(int managementPort, string? token)
    {
        _http = new HttpClient(GatewayUnderTest.Handler(managementPort)) { BaseAddress = new Uri("http://management/") };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>With the token of the settings.</summary>
    public static OwnersClient Of(PayableGateway gateway) => new(gateway.ManagementPort, PayableGateway.AdminToken);

    /// <summary>With a new token that has these scopes alone.</summary>
    public static async Task<OwnersClient> WithAsync(PayableGateway gateway, params AdminScope[] scopes)
    {
        var time = gateway.Services.GetRequiredService<TimeProvider>();
        var made = await gateway.Services.GetRequiredService<AdminTokens>()
            .MakeAsync("t" + Guid.NewGuid().ToString("N")[..20], scopes, time.GetUtcNow().AddDays(1), "a test");
        return new OwnersClient(gateway.ManagementPort, made!.Value.Token);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object body, string? key = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, key is null ? headers : [.. headers, ("Idempotency-Key", key)]);

    /// <summary>Sends a request below the API's root; a path that begins with <c>/</c> twice is one of the whole port.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("//", StringComparison.Ordinal) ? path[1..] : Root + path);
        if (body is string text) request.Content = new StringContent(text, MediaTypeHeaderValue.Parse("application/json"));
        else if (body is not null) request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, Stop);
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(Stop), response.Headers.ETag?.ToString(), response.Headers.RetryAfter?.ToString())
        {
            Link = response.Headers.TryGetValues("Link", out var links) ? links.Single() : null,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A response.</summary>
    internal sealed record Answer(int Status, string? Type, string Text, string? ETag, string? RetryAfter)
    {
        public JsonElement Json => JsonDocument.Parse(Text).RootElement;

        /// <summary>The header that leads to the next page of a text; null on the last one.</summary>
        public string? Link { get; init; }

        /// <summary>The end of a problem's type.</summary>
        public string? Problem => Type == "application/problem+json" ? Json.GetProperty("type").GetString()!.Split(':')[^1] : null;
    }
}
