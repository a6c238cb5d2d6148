using System.Globalization;
using BoundsLoad;

// BoundsLoad waiting REQUESTS COMMAND      requests held for one app that wakes late
// BoundsLoad bare REQUESTS COMMAND         the same held by a bare Kestrel endpoint
// BoundsLoad streams STREAMS ACCOUNTS COMMAND   open event streams of so many accounts
// BoundsLoad catalog APPS leader|follower SETTING...   a gateway with so many apps, each of a hash of its own
// The gateway is in this process; COMMAND starts this program again, whose clients or app are in a process of their own:
// BoundsLoad clients PORT COUNT HOST PATH... | BoundsLoad app FILE
static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

await (args switch
{
    ["waiting", var requests, .. var command] => Waiting.MeasureAsync(Number(requests), command),
    ["bare", var requests, .. var command] => Bare.MeasureAsync(Number(requests), command),
    ["streams", var streams, var accounts, .. var command] => Streams.MeasureAsync(Number(streams), Number(accounts), command),
    ["catalog", var apps, var role, .. var settings] => Catalog.MeasureAsync(Number(apps), role == "leader", settings),
    ["clients", var port, var count, var host, .. var paths] => Clients.RunAsync(Number(port), Number(count), host, paths),
    ["app", var file] => LateApp.RunAsync(file),
    _ => throw new ArgumentException("BoundsLoad waiting|bare|streams|catalog ..."),
});
