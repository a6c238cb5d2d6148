using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Codius.Testing.Clusters;

/// <summary>
/// A real Kubernetes API server with an etcd of its own, and nothing else: no node, no controllers. For everything that happens
/// before a pod runs. Its program is the one that <c>tests/cluster/cluster up</c> built.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const string AdminToken = "the-admin-token-of-a-test";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Find();
    private readonly List<Process> _processes = [];
    private string[] _arguments = [];
    private readonly ConcurrentQueue<string> _log = [];

    private static string Program =>
        Path.Combine(Environment.GetEnvironmentVariable("CLUSTER_CACHE") ?? "/var/cache/test-cluster", "bin/kube-apiserver");

    /// <summary>Null if one can be started here, else what is missing.</summary>
    public static string? Missing =>
        !File.Exists(Program) ? "there is no API server here; tests/cluster/cluster up builds one"
        : Find("etcd") is null ? "there is no etcd here" : Find("kubectl") is null ? "there is no kubectl here" : null;

    public Kubernetes Client { get; private set; } = null!;

    public string this[string file] => _folder[file];

    public async Task StartAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var (etcd, peers) = (FreePort.Find(), FreePort.Find());
        Start(Find("etcd")!,
        [
            $"--data-dir={_folder["etcd"]}", "--unsafe-no-fsync",
            $"--listen-client-urls=http://127.0.0.1:{etcd}", $"--advertise-client-urls=http://127.0.0.1:{etcd}",
            $"--listen-peer-urls=http://127.0.0.1:{peers}", $"--initial-advertise-peer-urls=http://127.0.0.1:{peers}",
            $"--initial-cluster=default=http://127.0.0.1:{peers}",
        ]);
        using (var key = RSA.Create(2048))
            await File.WriteAllTextAsync(_folder["accounts.key"], key.ExportPkcs8PrivateKeyPem(), cancellation);
        await File.WriteAllTextAsync(_folder["tokens.csv"], $"{AdminToken},admin,admin,system:masters\n", cancellation);
        _arguments =
        [
            $"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1", $"--secure-port={_port}",
            $"--cert-dir={_folder["pki"]}", "--authorization-mode=RBAC",
            $"--token-auth-file={_folder["tokens.csv"]}", "--service-cluster-ip-range=10.97.0.0/24",
            "--service-account-issuer=https://kubernetes.default", $"--service-account-key-file={_folder["accounts.key"]}",
            $"--service-account-signing-key-file={_folder["accounts.key"]}", "--disable-admission-plugins=ServiceAccount", .. arguments,
        ];
        Start(Program, _arguments);
        Client = new Kubernetes(
            new KubernetesClientConfiguration { Host = $"https://127.0.0.1:{_port}", AccessToken = AdminToken, SkipTlsVerify = true });
        await ReadyAsync(cancellation);
    }

    /// <summary>Kills it and starts it again: it has lost its watch history.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        var before = _processes[^1];
        before.Kill();
        await before.WaitForExitAsync(cancellation);
        before.Dispose();
        _processes.Remove(before);
        Start(Program, _arguments);
        await ReadyAsync(cancellation);
    }

    /// <summary>Installs the custom resource of apps.</summary>
    public async Task AddAppsAsync()
    {
        await KubectlAsync(null, "apply", "-f", Path.Combine(Repository.Root, "deploy/base/crd.yaml"));
        await KubectlAsync(null, "wait", "--for=condition=Established", "crd/services.core.codius.org", "--timeout=60s");
    }

    /// <summary>Makes a namespace and returns when objects can be made in it: its admission hears of it by a watch of its own.</summary>
    public async Task AddNamespaceAsync(string name, CancellationToken cancellation)
    {
        await Client.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken: cancellation);
        await Eventually.TrueAsync<bool>($"objects can be made in {name}", async () =>
        {
            try
            {
                await Client.CoreV1.CreateNamespacedConfigMapAsync(
                    new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "first" } }, name, dryRun: "All",
                    cancellationToken: cancellation);
                return true;
            }
            catch (HttpOperationException unknown) when (unknown.Response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        });
    }

    /// <summary>A kubeconfig of the cluster's owner, for a gateway.</summary>
    public async Task<string> KubeconfigAsync()
    {
        await File.WriteAllTextAsync(_folder["kubeconfig"], $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: test, cluster: {server: "https://127.0.0.1:{{_port}}", insecure-skip-tls-verify: true} }]
            users: [{name: admin, user: {token: {{AdminToken}} } }]
            contexts: [{name: test, context: {cluster: test, user: admin} }]
            current-context: test
            """);
        return _folder["kubeconfig"];
    }

    /// <summary>kubectl as the cluster's owner.</summary>
    public Task<(int Exit, string Text)> KubectlAsync(string? input, params string[] arguments) =>
        KubectlAsync(AdminToken, input, arguments);

    /// <summary>kubectl with a token alone: no client certificate, no kubeconfig.</summary>
    public async Task<(int Exit, string Text)> KubectlAsync(string token, string? input, string[] arguments)
    {
        string[] all = ["--kubeconfig=/dev/null", $"--server=https://127.0.0.1:{_port}", "--insecure-skip-tls-verify", $"--token={token}",
            $"--cache-dir={_folder["cache"]}", .. arguments];
        using var kubectl = Process.Start(new ProcessStartInfo(Find("kubectl")!, all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await kubectl.StandardInput.WriteAsync(input);
        kubectl.StandardInput.Close();
        var (output, error) = (kubectl.StandardOutput.ReadToEndAsync(), kubectl.StandardError.ReadToEndAsync());
        await kubectl.WaitForExitAsync();
        return (kubectl.ExitCode, await output + await error);
    }

    /// <summary>Commands in a shell whose kubectl trusts this API server and has no other configuration.</summary>
    public async Task<(int Exit, string Text)> ShellAsync(string token, string commands)
    {
        var trusting =
            $"kubectl() {{ command kubectl --kubeconfig=/dev/null --insecure-skip-tls-verify --cache-dir='{_folder["cache"]}' \"$@\"; }}\n";
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euc", trusting + commands])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CODIUS_TOKEN"] = token },
        })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return (shell.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        // The API server first: without its etcd it would retry for long.
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _folder.Dispose();
    }

    private Task<bool> ReadyAsync(CancellationToken cancellation) =>
        Eventually.TrueAsync<bool>("the API server is ready", async () =>
        {
            if (_processes.Any(process => process.HasExited))
                throw new InvalidOperationException("etcd or the API server ended: " + string.Join('\n', _log.TakeLast(10)));
            try
            {
                using var answer = await Client.HttpClient.GetAsync(new Uri($"https://127.0.0.1:{_port}/readyz"), cancellation);
                return await answer.Content.ReadAsStringAsync(cancellation) == "ok" ? true : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });

    private void Start(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        })!;
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }

    private static string? Find(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
