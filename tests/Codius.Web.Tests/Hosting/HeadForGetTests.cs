using System.Net.Http.Headers;
using Codius.Testing;
using Codius.Web.Hosting;
using Codius.Web.Tests.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Codius.Web.Tests.Hosting;

/// <summary>Whatever answers GET answers HEAD: the same status and headers, no body, and no waiting.</summary>
public sealed class HeadForGetTests
{
    // Of a body, of this moment, or of a secret made for each response.
    private static readonly string[] Differing =
        ["Date", "Content-Length", "Transfer-Encoding", "Server-Timing", "Content-Security-Policy", "ETag", "Last-Modified"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_of_every_table_answers_HEAD_as_it_answers_GET()
    {
        await using var gateway = await PayableGateway.StartAsync();
        var app = gateway.NewApp();
        using var visits = new HttpClient(GatewayUnderTest.Handler(gateway.Port));
        var tables = Gateway.TablesOf(gateway.Services);
        var wallet = tables.Reserved["wallet"];
        List<(string Origin, Action<IEndpointRouteBuilder> Table, HttpClient Client)> all =
        [
            (gateway.UrlOf(app).TrimEnd('/'), tables.App, visits),
            (gateway.Host, tables.Host, visits),
            (gateway.Host.Replace("://", "://wallet.", StringComparison.Ordinal), wallet, visits),
            ("http://management", tables.Management, gateway.Management),
            ("http://management", tables.Owner, gateway.Management),
        ];
        var answered = 0;
        foreach (var (origin, table, client) in all)
        {
            foreach (var path in PathsOfGet(gateway.Services, table, app))
            {
                var get = await AnswerAsync(client, HttpMethod.Get, origin + path);
                var head = await AnswerAsync(client, HttpMethod.Head, origin + path);
                Assert.NotEqual(405, head.Status);
                Assert.Equal((get.Status, string.Join('\n', get.Headers)), (head.Status, string.Join('\n', head.Headers)));
                answered++;
            }
        }
        Assert.True(answered > 20, $"only {answered} endpoints");
    }

    [Fact]
    public async Task What_is_allowed_names_it()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var answer = await gateway.Http.DeleteAsync(gateway.Host + "/balances/hello", Stop);
        Assert.Equal(405, (int)answer.StatusCode);
        Assert.Contains("HEAD", answer.Content.Headers.Allow);
    }

    private static List<string> PathsOfGet(IServiceProvider services, Action<IEndpointRouteBuilder> map, string app)
    {
        var table = new Table(services);
        HeadForGet.Map(table, map);
        return
        [
            .. table.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods
                    || methods.HttpMethods.Contains("GET"))
                .Select(endpoint => PathOf(endpoint, app)).Distinct(),
        ];
    }

    private static string PathOf(RouteEndpoint endpoint, string app) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
            part switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "version" } => "old",
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "file" } => "page.css",
                _ => app,
            }))));

    private static async Task<(int Status, string[] Headers)> AnswerAsync(HttpClient client, HttpMethod method, string url)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        // An event stream's GET has no end; a HEAD of it does.
        if (method == HttpMethod.Head) Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
        return ((int)answer.StatusCode,
            [
                .. answer.Headers.Concat(answer.Content.Headers).Where(header => !Differing.Contains(header.Key))
                    .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal),
            ]);
    }

    /// <summary>A table that is only looked at.</summary>
    private sealed class Table(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
