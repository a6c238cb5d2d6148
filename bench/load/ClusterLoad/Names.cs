using System.Diagnostics;
using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Resources;
using k8s;
using k8s.Models;

namespace ClusterLoad;

/// <summary>The cost of many names: a lookup, the delay of a change, and memory.</summary>
internal sealed class Names(RunningHost host)
{
    private const int Few = 10;
    private const int Many = 1000;
    private const int NamesPerHash = 5;
    private const int Changes = 20;
    private const int Lookups = 1_000_000;
    private const int Rounds = 30;

    public async Task MeasureAsync()
    {
        Console.WriteLine("| names | hashes | a lookup | p50 of a change until it is seen | p95 | memory in use |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        var few = await MeasureAsync(0, Few);
        var many = await MeasureAsync(Few, Many);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"memory per further name: {(many - few) / 1024.0 / (Many - Few):0.0} KiB"));
    }

    private async Task<long> MeasureAsync(int from, int to)
    {
        await Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (number, _) => await host.DeployAsync(NameOf(number), $"{number / NamesPerHash}"));
        await Wait.UntilAsync(async () =>
            (await host.Cluster.AppsV1.ListNamespacedDeploymentAsync(
                RunningHost.Namespace, labelSelector: AppAnnotations.Service)).Items.Count == to / NamesPerHash);
        var seen = new List<double>();
        for (var change = 0; change < Changes; change++) seen.Add(await ChangeAsync(NameOf(from + change % (to - from)), change));
        var lookup = Lookup(to);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {to} | {to / NamesPerHash} | {lookup:0.0} ns | " +
            $"{seen.Percentile(50):0} ms | {seen.Percentile(95):0} ms | {memory / 1048576.0:0.0} MiB |"));
        return memory;
    }

    /// <summary>Milliseconds from the call that changes a resource until a visit would see it.</summary>
    private async Task<double> ChangeAsync(string name, int change)
    {
        var cap = (change + 1).ToString(CultureInfo.InvariantCulture);
        var patch =
            new V1Patch(new { metadata = new { annotations = new Dictionary<string, string> { [AppAnnotations.MaxSpendPerHour] = cap } } },
                V1Patch.PatchType.MergePatch);
        var asked = (ulong)(change + 1) * 1_000_000_000;
        var there = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (host.Catalog.Current.TryFind(name, out var app) && app.MaxSpendPerHour == asked)
                there.TrySetResult(Stopwatch.GetTimestamp());
        }
        host.Catalog.Changed += Look;
        try
        {
            var start = Stopwatch.GetTimestamp();
            await host.Cluster.CustomObjects.PatchClusterCustomObjectAsync(
                patch, AppResource.Group, AppResource.Version, AppResource.Plural, name);
            return Stopwatch.GetElapsedTime(start, await there.Task.WaitAsync(TimeSpan.FromMinutes(1))).TotalMilliseconds;
        }
        finally
        {
            host.Catalog.Changed -= Look;
        }
    }

    /// <summary>
    /// Nanoseconds of a lookup, as a visit makes it, every fourth of an unknown name; the best of some rounds, since others use
    /// the machine too.
    /// </summary>
    private double Lookup(int names)
    {
        var asked = Enumerable.Range(0, 4096).Select(number => number % 4 == 0 ? $"nobody-{number}" : NameOf(number % names)).ToArray();
        var (found, best) = (0, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var count = 0; count < Lookups; count++) found += host.Catalog.Current.TryFind(asked[count & 4095], out _) ? 1 : 0;
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Lookups);
        }
        return found > 0 ? best : throw new InvalidOperationException("Nothing was found.");
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"app-number-{number}");
}
