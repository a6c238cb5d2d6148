using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Pages.Home;

/// <summary>The commands on the host's own page work unchanged.</summary>
public sealed partial class HomeExamplesTests
{
    private const string Token = "a-deploy-token-of-a-test_made-in-no-browser";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Curl_deploys_the_app_and_takes_its_price_once()
    {
        var port = FreePort.Find();
        await using var gateway = await GatewayUnderTest.StartAsync([$"Host:PublicUrl=http://localhost:{port}", $"Gateway:Port={port}"]);
        var account = AccountId.OfDeployToken(Token);
        await gateway.PayAsync(account.ToString(), 15_000_000, Stop);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var page = await http.GetStringAsync(new Uri($"http://localhost:{port}/"), Stop);
        var shown = WebUtility.HtmlDecode(Tags().Replace(Curl().Match(page).Groups[1].Value, ""));
        Assert.Contains("export CODIUS_TOKEN='…your deploy token…'", shown, StringComparison.Ordinal);

        for (var i = 0; i < 2; i++)
        {
            var (exit, text) = await ShellAsync(shown.Replace("…your deploy token…", Token, StringComparison.Ordinal));
            Assert.True(exit == 0 && !text.Contains("urn:codius:problem", StringComparison.Ordinal), text);
            Assert.Contains($"HTTP {(i == 0 ? 201 : 204)}\nDeployed: http://my-app.localhost:{port}/\n", text, StringComparison.Ordinal);
        }
        var (refused, why) = await ShellAsync(shown);
        Assert.True(refused != 0 && why.Contains("HTTP 40", StringComparison.Ordinal), why);
        Assert.DoesNotContain("Deployed", why, StringComparison.Ordinal);

        var deployed = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://localhost:{port}/services/my-app"), Stop))!;
        Assert.Equal("hello", (string)deployed["spec"]!["containers"]![0]!["image"]!);
        var balance = await gateway.BalanceAsync(account.ToString(), Stop);
        Assert.Equal((10_000_000UL, 5_000_000UL), (balance.Spent, balance.Available + balance.Leased));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kubectl_gets_the_server_the_token_and_the_manifest_from_one_block(bool ownAuthority)
    {
        using var folder = new TemporaryFolder();
        var (authority, tool) = (Path.Combine(folder.Path, "ca.pem"), Path.Combine(folder.Path, "kubectl"));
        await File.WriteAllTextAsync(authority, "the cluster's own authority", Stop);
        await File.WriteAllTextAsync(tool, "#!/bin/sh\necho \"$@\"; cat codius-ca.crt 2>/dev/null; cat\n", Stop);
        var port = FreePort.Find();
        string[] settings = [$"Host:PublicUrl=http://localhost:{port}", $"Gateway:Port={port}",
            "Pages:KubernetesApiUrl=https://api.codius.test:6443"];
        await using var gateway = await GatewayUnderTest.StartAsync(
            ownAuthority ? [.. settings, $"Pages:KubernetesAuthorityFile={authority}"] : settings);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var page = await http.GetStringAsync(new Uri($"http://localhost:{port}/"), Stop);
        var shown = WebUtility.HtmlDecode(Tags().Replace(KubectlBlock().Match(page).Groups[1].Value, ""))
            .Replace("…your deploy token…", Token, StringComparison.Ordinal);

        var (exit, text) = await ShellAsync($"cd '{folder.Path}'; chmod +x kubectl; PATH='{folder.Path}':$PATH\n{shown}");

        Assert.True(exit == 0, text);
        var flag = ownAuthority ? "--certificate-authority=codius-ca.crt " : "";
        Assert.StartsWith($"--kubeconfig=/dev/null --server=https://api.codius.test:6443 {flag}--token={Token} apply -f -", text,
            StringComparison.Ordinal);
        Assert.Equal(ownAuthority, text.Contains("the cluster's own authority", StringComparison.Ordinal));
        Assert.Contains("  containers:\n    - name: web\n      image: hello\n", text, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Text)> ShellAsync(string commands)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-euc", commands]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(Stop), shell.StandardError.ReadToEndAsync(Stop));
        await shell.WaitForExitAsync(Stop);
        return (shell.ExitCode, await output + await errors);
    }

    [GeneratedRegex("<pre id=\"curl\"[^>]*>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Curl();

    [GeneratedRegex("<pre id=\"kubectl\"[^>]*>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex KubectlBlock();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();
}
