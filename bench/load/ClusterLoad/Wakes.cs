using System.Diagnostics;
using System.Globalization;
using Codius.Web.Apps;
using k8s;

namespace ClusterLoad;

/// <summary>A visit to a sleeping app until it is answered, in turns with the same pod scaled up without a gateway.</summary>
internal sealed class Wakes(RunningHost host)
{
    private const int WarmUp = 2;

    public async Task MeasureAsync(int rounds)
    {
        var app = await host.DeployAsync("waker", "1");
        await host.PayAsync(app);
        var service = AppAnnotations.ServiceOf(app.Hash);
        await Wait.UntilAsync(async () =>
            (await host.Cluster.AppsV1.ListNamespacedDeploymentAsync(
                RunningHost.Namespace, fieldSelector: $"metadata.name={service}")).Items.Count == 1);
        var bare = await BareDeployment.CopyAsync(host.Cluster, service);
        List<double> visits = [], available = [], answered = [];
        for (var round = -WarmUp; round < rounds; round++)
        {
            // The order alternates, so that neither always has the quieter moment.
            if (round % 2 == 0) visits.Add(await VisitAsync(app));
            var (there, answer) = await bare.UpAsync();
            available.Add(there);
            answered.Add(answer);
            await bare.DownAsync();
            if (round % 2 != 0) visits.Add(await VisitAsync(app));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round + 1}: visit {visits[^1]:0} ms, bare {available[^1]:0} ms available, {answered[^1]:0} ms answered"));
        }
        Console.WriteLine("| | p50 | p95 |");
        Console.WriteLine("|---|---:|---:|");
        Print("bare: scaled up until the Deployment is available", available);
        Print("bare: scaled up until it answers at its Service", answered);
        Print("a visit to the sleeping app until it is answered", visits);
        foreach (var (name, times) in new[] { ("available", available), ("answered", answered) })
        {
            var (ours, theirs) = (Counted(visits).Percentile(95), Counted(times).Percentile(95));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"p95 of a visit beside bare {name}: {ours - theirs:+0;-0} ms, ratio {ours / theirs:0.00} (goal: at most 100 ms more)"));
        }
    }

    private static void Print(string name, List<double> times) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {Counted(times).Percentile(50):0} ms | {Counted(times).Percentile(95):0} ms |"));

    private static IEnumerable<double> Counted(List<double> times) => times.Skip(WarmUp);

    private async Task<double> VisitAsync(HostedApp app)
    {
        var start = Stopwatch.GetTimestamp();
        await host.VisitAsync(app);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await Wait.UntilAsync(() => host.Runner.StateOf(app) is AppState.AsleepState);
        var pods = $"{AppAnnotations.Service}={AppAnnotations.ServiceOf(app.Hash)}";
        await Wait.UntilAsync(async () =>
            (await host.Cluster.CoreV1.ListNamespacedPodAsync(RunningHost.Namespace, labelSelector: pods)).Items.Count == 0);
        return took;
    }
}
