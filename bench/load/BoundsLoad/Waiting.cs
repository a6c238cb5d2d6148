using System.Diagnostics;
using System.Globalization;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace BoundsLoad;

/// <summary>Requests that are held for one app: what each holds, what they cost while they wait, and that all are answered.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(int requests, string[] command)
    {
        using var folder = new TemporaryFolder();
        var places = (requests + 100) * 2; // half of them one client gets
        List<string> settings =
        [
            $"ColdStart:MaxWaitingPerApp={places}", $"ColdStart:MaxWaiting={places}", "ColdStart:Timeout=00:10:00",
            "Apps:Processes:StartTimeout=00:10:00", "Visits:PerClient:PerSecond=1000000", "Visits:PerClient:Burst=1000000",
            "Sandbox:Enabled=false", $"Apps:Processes:Images:late:Command={command[0]}", "Logging:LogLevel:Default=Warning",
        ];
        string[] arguments = [.. command[1..], "app", folder["awake"]];
        settings.AddRange(arguments.Select((argument, index) => $"Apps:Processes:Images:late:Args:{index}={argument}"));
        await using var gateway = await GatewayUnderTest.StartAsync(settings);
        var spec = new AppSpec { Containers = [new ContainerSpec { Name = "app", Image = "late" }] };
        await gateway.Services.GetRequiredService<IAppStore>().PutAsync(
            new StoredApp("late", ManifestHash.OfSpec(spec), spec, null, null, new Dictionary<string, string>()), CancellationToken.None);
        await gateway.Services.GetRequiredService<IBalanceLedger>()
            .AdjustAsync(AccountId.OfApp("late"), 1_000_000_000_000, "bounds", "a measurement", "a measurement", CancellationToken.None);
        var activity = gateway.Services.GetRequiredService<AppActivity>();
        var before = Usage.Now();
        await using var clients =
            new ClientProcess(command, gateway.Port, requests, $"late.{GatewayUnderTest.Domain}", "HTTP/1.1 200", "/");
        await clients.SentAsync();
        await WhenAsync(() => activity.Open("late") == requests);
        var held = Usage.Now();
        var idle = await Usage.IdleAsync(Held);
        Console.WriteLine($"after {Held.TotalSeconds} s more: {Usage.Now().Since(before, requests)} each");
        await File.WriteAllTextAsync(folder["awake"], "");
        var answered = await clients.AllFoundAsync($"{requests}x1");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {requests} | {held.Since(before, requests)} | {idle * 100:0.0} % | {answered.TotalSeconds:0.0} s |"));
    }

    internal static async Task WhenAsync(Func<bool> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(2)) throw new TimeoutException("It does not come to hold.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
