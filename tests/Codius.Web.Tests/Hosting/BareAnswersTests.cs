using System.Net;
using System.Text;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Hosting;

/// <summary>Problems where the framework and the server would answer with a status alone, on a real Kestrel.</summary>
public sealed class BareAnswersTests : IAsyncLifetime
{
    private readonly CapturedLog _log = new();
    private WebApplication _server = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddProblems();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 10);
        _server = builder.Build();
        _server.UseProblemsForBareAnswers();
        _server.UseRouting();
        _server.MapGet("/number", (int number) => Results.Text($"{number}"));
        _server.MapPost("/json", (JsonElement json) => Results.Json(json));
        _server.MapPost("/text", context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
        _server.MapGet("/broken", string () => throw new InvalidOperationException("the secret cause"));
        _server.MapGet("/begun", async context =>
        {
            await context.Response.WriteAsync("begun", context.RequestAborted);
            throw new InvalidOperationException("after the first byte");
        });
        _server.MapGet("/own", () => Results.Text("my own words", statusCode: 405));
        _server.MapGet("/meant/{status}", (int status) => Results.StatusCode(status));
        await _server.StartAsync(Stop);
        _client = new HttpClient { BaseAddress = new Uri(_server.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/number")]
    [InlineData("/number?number=x")]
    public async Task What_cannot_be_bound_is_named(string path)
    {
        var (problem, _) = await ProblemAsync(await _client.GetAsync(path, Stop), HttpStatusCode.BadRequest, "bad-request");

        Assert.Contains("int number", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, IsComplaint);
    }

    [Fact]
    public async Task A_body_in_another_form_is_a_wrong_content_type() =>
        await ProblemAsync(await _client.PostAsync("/json", new StringContent("x", Encoding.UTF8, "text/plain"), Stop),
            HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task A_body_over_the_servers_limit_is_too_large() =>
        await ProblemAsync(await _client.PostAsync("/text", new StringContent("eleven bytes"), Stop), HttpStatusCode.RequestEntityTooLarge,
            "body-too-large");

    [Fact]
    public async Task An_error_of_the_hosts_own_is_logged_and_not_shown()
    {
        var (_, text) = await ProblemAsync(await _client.GetAsync("/broken", Stop), HttpStatusCode.InternalServerError, "internal-error");

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains(_log.Lines, line => IsComplaint(line) && line.Contains("the secret cause", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_has_begun_is_broken_off_and_not_added_to()
    {
        using var answer = await _client.GetAsync("/begun", HttpCompletionOption.ResponseHeadersRead, Stop);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task An_answer_with_words_of_its_own_keeps_them()
    {
        using var answer = await _client.GetAsync("/own", Stop);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "my own words"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(503)]
    public async Task A_status_that_an_endpoint_gives_without_a_body_is_meant_so(int status)
    {
        using var answer = await _client.GetAsync($"/meant/{status}", Stop);

        Assert.Equal((status, ""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)));
    }

    private static bool IsComplaint(string line) =>
        !line.StartsWith("Debug", StringComparison.Ordinal) && !line.StartsWith("Trace", StringComparison.Ordinal)
        && !line.StartsWith("Information", StringComparison.Ordinal);

    private static async Task<(JsonElement Problem, string Text)> ProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        using var _ = answer;
        Assert.Equal((status, "application/problem+json", true),
            (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Headers.CacheControl?.NoStore));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal("urn:codius:problem:" + code, problem.GetProperty("type").GetString());
        Assert.Equal(["type", "title", "status", "detail"], problem.EnumerateObject().Select(member => member.Name));
        return (problem, text);
    }
}
