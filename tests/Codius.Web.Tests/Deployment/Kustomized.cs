using System.Diagnostics;
using Codius.Testing;
using k8s;
using k8s.Models;

namespace Codius.Web.Tests.Deployment;

/// <summary>
/// The objects that <c>kubectl kustomize</c> makes of a folder of <c>deploy/</c>, each read strictly: no field that its kind does not have.
/// </summary>
internal static class Kustomized
{
    public static readonly string Folder = Path.Combine(Repository.Root, "deploy");

    /// <summary>Null where there is no kubectl.</summary>
    public static string? Kubectl { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);

    public static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> ReadAsync(string folder)
    {
        var (exit, yaml, error) = await RunAsync("kustomize", folder);
        Assert.True(exit == 0, error);
        // Custom resources of others are read by nobody here.
        var documents = yaml.Split("\n---\n")
            .Where(document => !document.Contains("apiVersion: cert-manager.io/", StringComparison.Ordinal)
                && !document.Contains("apiVersion: monitoring.coreos.com/", StringComparison.Ordinal));
        return [.. documents.SelectMany(document =>
            KubernetesYaml.LoadAllFromString(document, strict: true)).Cast<IKubernetesObject<V1ObjectMeta>>()];
    }

    /// <summary>The objects of an overlay with components added, in the way an owner adds them to a copy.</summary>
    public static async Task<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> ReadAsync(string overlay, params string[] components)
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = copy[Path.GetRelativePath(Folder, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        var kustomization = copy[$"overlays/{overlay}/kustomization.yaml"];
        await File.AppendAllLinesAsync(kustomization,
            ["components:", .. components.Select(component => $"  - ../../components/{component}")]);
        return await ReadAsync(Path.GetDirectoryName(kustomization)!);
    }

    public static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(Kubectl is null, "kubectl is not installed: install it (on Debian: apt-get install kubernetes-client).");
        using var kubectl =
            Process.Start(new ProcessStartInfo(Kubectl, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = kubectl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = kubectl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await kubectl.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (kubectl.ExitCode, await output, await error);
    }
}
