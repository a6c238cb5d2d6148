using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.Arrival;

/// <summary>The Host header, as it can be sent, against a real listener.</summary>
public sealed class OddHostsTests
{
    [Theory]
    [InlineData("hello.codius.test")]
    [InlineData("hello.codius.test:8080")]
    [InlineData("hello.codius.test.")]
    [InlineData("hello.codius.test.:443")]
    [InlineData("HELLO.Codius.TEST")]
    public async Task One_app_has_one_name_however_it_is_written_and_sees_it_as_it_was_written(string host)
    {
        await using var visits = await VisitFixture.StartAsync(context =>
            context.Response.WriteAsync(context.Request.Headers.Host.ToString()));
        visits.Awake();

        var answer = await SendAsync(visits, $"Host: {host}\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\n{host}\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Theory]
    [InlineData("Host: nobody.codius.test\r\n", "404")]
    [InlineData("Host: a.hello.codius.test\r\n", "404")]
    [InlineData("Host: hello.codius.test.evil.example\r\n", "404")]
    [InlineData("Host: hello\r\n", "404")]
    [InlineData("Host: [::1]:8080\r\n", "404")]
    [InlineData("Host: 127.0.0.1\r\n", "404")]
    [InlineData("Host:\r\n", "404")]
    [InlineData("", "400")]
    [InlineData("Host: hello.codius.test\r\nHost: other.codius.test\r\n", "400")]
    [InlineData("Host: hello.codius.test/evil\r\n", "400")]
    public async Task Any_other_host_reaches_nobody(string host, string status)
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();

        Assert.StartsWith($"HTTP/1.1 {status}", await SendAsync(visits, host), StringComparison.Ordinal);
        Assert.Equal((0, 0UL), (visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_hash_is_an_app_of_its_own()
    {
        await using var visits = await VisitFixture.StartAsync();
        var hash = new string('a', 52);
        visits.Apps.Host(hash);

        Assert.StartsWith("HTTP/1.1 402", await SendAsync(visits, $"Host: {hash}.codius.test\r\n"), StringComparison.Ordinal);
        await visits.Gateway.PayAsync(hash, 10 * VisitFixture.Price, VisitFixture.Cancellation);
        visits.Apps.Set(hash, visits.Address);
        Assert.StartsWith("HTTP/1.1 200", await SendAsync(visits, $"Host: {hash}.codius.test\r\n"), StringComparison.Ordinal);
    }

    private static Task<string> SendAsync(VisitFixture visits, string host) =>
        visits.SendRawAsync($"GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
}
