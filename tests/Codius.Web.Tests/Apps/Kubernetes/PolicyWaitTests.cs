using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Objects;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>The script that an app's start waits for, run by a real shell with busybox' programs.</summary>
public sealed class PolicyWaitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _reached = new(IPAddress.Loopback, 0);
    private readonly KubernetesOptions _options = new() { PolicyWait = TimeSpan.FromSeconds(1) };

    public PolicyWaitTests()
    {
        Directory.CreateDirectory(Programs);
        _reached.Start();
    }

    private static string? Busybox { get; } = Find("busybox");

    private string Programs => _folder["programs"];

    /// <summary>It accepts, and never closes: an API server does the same for a while.</summary>
    private string Answering => _reached.LocalEndpoint.ToString()!;

    [Fact]
    public async Task Once_nothing_of_the_cluster_answers_the_app_may_start()
    {
        _options.MustNotReach.Add("[::1]:9");
        Assert.Equal((0, ""), await RunAsync("127.0.0.1:9", "nc", "sleep", "date"));
    }

    [Fact]
    public async Task Where_the_API_server_answers_it_may_not() =>
        Assert.Equal((1, PolicyWait.GaveUp), await RunAsync(Answering, "nc", "sleep", "date"));

    [Fact]
    public async Task Where_one_of_the_clusters_own_addresses_answers_it_may_not()
    {
        _options.MustNotReach.Add("127.0.0.1:9");
        _options.MustNotReach.Add(Answering);
        Assert.Equal((1, PolicyWait.GaveUp), await RunAsync("127.0.0.1:9", "nc", "sleep", "date"));
    }

    [Fact]
    public async Task Without_an_nc_it_may_not() =>
        Assert.Equal((1, PolicyWait.CannotTell), await RunAsync("127.0.0.1:9", "sleep", "date"));

    [Fact]
    public async Task With_an_nc_that_always_fails_it_may_not()
    {
        var nc = Path.Combine(Programs, "nc");
        await File.WriteAllTextAsync(nc, "#!/bin/sh\nexit 1\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(nc, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal((1, PolicyWait.CannotTell), await RunAsync("127.0.0.1:9", "sleep", "date"));
    }

    [Fact]
    public async Task Where_the_cluster_does_not_name_its_API_server_it_may_not()
    {
        var (exit, _) = await RunAsync(null, "nc", "sleep", "date");
        Assert.NotEqual(0, exit);
    }

    public void Dispose()
    {
        _reached.Dispose();
        _folder.Dispose();
    }

    private async Task<(int Exit, string Report)> RunAsync(string? apiServer, params string[] programs)
    {
        Assert.SkipWhen(Busybox is null, "There is no busybox.");
        foreach (var program in programs) File.CreateSymbolicLink(Path.Combine(Programs, program), Busybox!);
        var container = PolicyWait.Of(_options, new V1ResourceRequirements());
        // Not busybox' own shell, which has all of its programs inside.
        var start = new ProcessStartInfo(Find("sh")!) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in container.Command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = Programs;
        foreach (var variable in container.Env) start.Environment[variable.Name] = variable.Value;
        start.Environment["REPORT"] = _folder["report"];
        start.Environment["OWN_PORT"] = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        if (apiServer is not null)
        {
            var server = IPEndPoint.Parse(apiServer);
            start.Environment["KUBERNETES_SERVICE_HOST"] = $"{server.Address}";
            start.Environment["KUBERNETES_SERVICE_PORT"] = $"{server.Port}";
        }
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var report = _folder["report"];
        return (process.ExitCode, File.Exists(report) ? (await File.ReadAllTextAsync(report, CancellationToken.None)).Trim() : "");
    }

    private static string? Find(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
