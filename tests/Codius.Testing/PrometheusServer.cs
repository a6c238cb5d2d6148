using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Codius.Testing;

/// <summary>A real <c>prometheus</c> that scrapes one gateway every second, with rules, in a folder of its own.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Find();
    private readonly HttpClient _http;
    private Process? _process;

    public PrometheusServer() => _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}/api/v1/") };

    /// <summary>Why there is none; null if there is.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "prometheus")) && File.Exists(Path.Combine(folder, "promtool")))
        ? null : "prometheus and promtool are not installed (on Debian: apt-get install prometheus).";

    /// <param name="target">Host and port that are scraped at <c>/metrics</c>.</param>
    /// <param name="token">The admin token.</param>
    /// <param name="rules">Groups of rules, in YAML.</param>
    public async Task StartAsync(string target, string token, string rules)
    {
        await File.WriteAllTextAsync(_folder["rules.yml"], rules);
        await File.WriteAllTextAsync(_folder["prometheus.yml"], $"""
            global: {"{"} scrape_interval: 1s, evaluation_interval: 1s {"}"}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: codius-web
                authorization: {"{"} credentials: {token} {"}"}
                static_configs: [ {"{"} targets: ["{target}"] {"}"} ]
            """);
        var start = new ProcessStartInfo("prometheus") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            $"--config.file={_folder["prometheus.yml"]}", $"--storage.tsdb.path={_folder["data"]}",
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{_port}"),
        }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        // So that it never waits for a reader.
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>The output of <c>promtool check rules</c>; empty if they are good.</summary>
    public async Task<string> FaultsOfAsync(string rules)
    {
        await File.WriteAllTextAsync(_folder["checked.yml"], rules);
        return await PromtoolAsync("check", "rules", _folder["checked.yml"]);
    }

    /// <summary>The output of <c>promtool test rules</c>; empty if all of the tests, of a file <c>rules.yml</c>, hold.</summary>
    public static async Task<string> FailuresOfAsync(string rules, string tests)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["rules.yml"], rules);
        await File.WriteAllTextAsync(folder["tests.yml"], tests);
        return await PromtoolAsync("test", "rules", folder["tests.yml"]);
    }

    private static async Task<string> PromtoolAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (output, error) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        return promtool.ExitCode == 0 ? "" : await output + await error;
    }

    /// <summary>What its API answers; null while it does not.</summary>
    public async Task<JsonElement?> GetAsync(string path)
    {
        try
        {
            return JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement.GetProperty("data");
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The samples that an expression has now.</summary>
    public async Task<int> CountAsync(string expression) =>
        await GetAsync("query?query=" + Uri.EscapeDataString(expression)) is { } data ? data.GetProperty("result").GetArrayLength() : 0;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
    }
}
