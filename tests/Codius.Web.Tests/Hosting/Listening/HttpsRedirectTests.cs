using System.Net.Sockets;
using System.Text;
using Codius.Testing;

namespace Codius.Web.Tests.Hosting.Listening;

/// <summary>The port that leads from plain HTTP to https.</summary>
public sealed class HttpsRedirectTests : IAsyncLifetime
{
    private readonly int _port = FreePort.Find();
    private GatewayUnderTest _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayUnderTest.StartAsync(
            [$"Host:PublicUrl=https://{GatewayUnderTest.Domain}:444", $"Gateway:RedirectPort={_port}"]);

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("hello.codius.test", "/", "https://hello.codius.test:444/")]
    [InlineData("hello.codius.test:80", "/a%2Fb?q=1&r=%20", "https://hello.codius.test:444/a%2Fb?q=1&r=%20")]
    [InlineData("HELLO.codius.test.", "/x", "https://hello.codius.test:444/x")]
    [InlineData("codius.test", "/services/a", "https://codius.test:444/services/a")]
    [InlineData("wallet.codius.test", "/", "https://wallet.codius.test:444/")]
    [InlineData("hello.codius.test", "//evil.example/x", "https://hello.codius.test:444//evil.example/x")]
    [InlineData("hello.codius.test", "http://evil.example/x?y", null)]
    [InlineData("hello.codius.test", "/.well-known/acme-challenge/a", "https://hello.codius.test:444/.well-known/acme-challenge/a")]
    [InlineData("evil.example", "/", null)]
    [InlineData("codius.test.evil.example", "/", null)]
    [InlineData("a.hello.codius.test", "/", null)]
    [InlineData("127.0.0.1", "/", null)]
    public async Task The_same_address_over_https_and_never_another_host(string host, string target, string? location)
    {
        foreach (var method in new[] { "GET", "POST" })
        {
            var answer = await SendAsync($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            if (location is null)
            {
                Assert.DoesNotContain("\r\nLocation: ", answer, StringComparison.Ordinal);
                continue;
            }
            Assert.StartsWith("HTTP/1.1 308 ", answer, StringComparison.Ordinal);
            Assert.Contains($"\r\nLocation: {location}\r\n", answer, StringComparison.Ordinal);
        }
    }

    private async Task<string> SendAsync(string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
