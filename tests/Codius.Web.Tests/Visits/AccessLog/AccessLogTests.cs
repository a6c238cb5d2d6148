using System.Text.Json;
using Codius.Testing;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.AccessLog;

/// <summary>The lines of the access log.</summary>
public sealed class AccessLogTests : IDisposable
{
    private static readonly string[] TimesOfParts = ["wait", "wake", "withApp"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => VisitFixture.Cancellation;

    private string File => _folder["access.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_visit_is_a_line_of_what_it_was_and_cost()
    {
        await using var fixture = await StartAsync(context => context.Response.WriteAsync("12345"), "AccessLog:Ratio=1");
        fixture.Apps.Set("hello", fixture.Address);
        using (var content = new StringContent("123"))
        using (await fixture.Client.PostAsync(GatewayUnderTest.UrlOf("hello") + "secret/path?secret=1", content, Stop))
        using (await fixture.Client.GetAsync(GatewayUnderTest.UrlOf("strange"), Stop))
        {
        }

        var lines = await LinesAsync(2);

        Assert.DoesNotContain("secret", await ReadAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0", await ReadAsync(), StringComparison.Ordinal);
        var visit = lines.Single(line => line.TryGetProperty("app", out _));
        Assert.Equal(
            ("hello", "POST", 200, "answered", "10000", true, false),
            (visit.GetProperty("app").GetString(), visit.GetProperty("method").GetString(), visit.GetProperty("status").GetInt32(),
                visit.GetProperty("outcome").GetString(), visit.GetProperty("price").GetString(), visit.GetProperty("charged").GetBoolean(),
                visit.GetProperty("cold").GetBoolean()));
        Assert.Equal((3, 5), (visit.GetProperty("bytesIn").GetInt32(), visit.GetProperty("bytesOut").GetInt32()));
        var parts = TimesOfParts.Sum(part => visit.GetProperty(part).GetDouble());
        Assert.InRange(parts, double.Epsilon, visit.GetProperty("total").GetDouble() + 0.01);
        Assert.False(visit.TryGetProperty("trace", out _));
        var strange = lines.Single(line => !line.TryGetProperty("app", out _));
        Assert.Equal((404, "unknown_app", "0", false), (
            strange.GetProperty("status").GetInt32(), strange.GetProperty("outcome").GetString(),
            strange.GetProperty("price").GetString(), strange.GetProperty("charged").GetBoolean()));
    }

    [Fact]
    public async Task Path_and_network_are_written_if_the_owner_wants_them_and_a_trace_if_there_is_one()
    {
        await using var fixture = await StartAsync(
            null, "AccessLog:Ratio=1", "AccessLog:Paths=true", "AccessLog:Clients=true", "Telemetry:TraceRatio=1");
        fixture.Apps.Set("hello", fixture.Address);
        using (await fixture.Client.GetAsync(GatewayUnderTest.UrlOf("hello") + "a%22%0Ab?secret=1", Stop))
        {
        }

        var line = (await LinesAsync(1)).Single();

        Assert.Equal(("/a\"\nb", "127.0.0.0/24"), (line.GetProperty("path").GetString(), line.GetProperty("client").GetString()));
        Assert.Matches("^[0-9a-f]{32}$", line.GetProperty("trace").GetString());
        Assert.DoesNotContain("secret", await ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visit_that_woke_its_app_is_cold_and_one_without_money_costs_nothing()
    {
        await using var fixture = await StartAsync(null, "AccessLog:Ratio=1");
        fixture.Apps.OnWake = _ => fixture.Address;
        fixture.Apps.Host("poor");
        using (await fixture.Client.GetAsync(GatewayUnderTest.UrlOf("hello"), Stop))
        using (await fixture.Client.GetAsync(GatewayUnderTest.UrlOf("poor"), Stop))
        {
        }

        var lines = await LinesAsync(2);

        var woke = lines.Single(line => line.GetProperty("app").GetString() == "hello");
        Assert.Equal((true, true), (woke.GetProperty("cold").GetBoolean(), woke.GetProperty("charged").GetBoolean()));
        var poor = lines.Single(line => line.GetProperty("app").GetString() == "poor");
        Assert.Equal((402, "not_enough", false, false), (poor.GetProperty("status").GetInt32(), poor.GetProperty("outcome").GetString(),
            poor.GetProperty("charged").GetBoolean(), poor.GetProperty("cold").GetBoolean()));
    }

    [Fact]
    public async Task Nothing_is_written_unless_it_is_turned_on()
    {
        await using (var fixture = await StartAsync(null))
        {
            fixture.Apps.Set("hello", fixture.Address);
            using var answer = await fixture.Client.GetAsync(GatewayUnderTest.UrlOf("hello"), Stop);
        }

        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Lines_that_wait_are_written_when_the_gateway_ends()
    {
        const int Visits = 50;
        await using (var fixture = await StartAsync(null, "AccessLog:Ratio=1"))
        {
            fixture.Apps.Set("hello", fixture.Address);
            for (var visit = 0; visit < Visits; visit++)
                using (await fixture.Client.GetAsync(GatewayUnderTest.UrlOf("hello"), Stop))
                {
                }
        }

        Assert.Equal(Visits, (await ReadAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private Task<VisitFixture> StartAsync(RequestDelegate? answer, params string[] settings) =>
        VisitFixture.StartAsync(answer, [$"AccessLog:File={File}", .. settings]);

    private async Task<JsonElement[]> LinesAsync(int count)
    {
        await Eventually.TrueAsync<bool>($"{count} lines are written", async () =>
            System.IO.File.Exists(File) && (await ReadAsync()).Count('\n') >= count ? true : null);
        return [.. (await ReadAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task<string> ReadAsync()
    {
        await using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Stop);
    }
}
