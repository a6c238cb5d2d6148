using ClusterLoad;

// ClusterLoad wakes KUBECONFIG REDIS ROUNDS    a visit that wakes an app, beside a bare Deployment that is scaled up
// ClusterLoad names KUBECONFIG REDIS           lookups, changes and memory at 10 and at 1,000 names
await using var host = await RunningHost.StartAsync(args[1], args[2]);
await (args[0] switch
{
    "wakes" => new Wakes(host).MeasureAsync(int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture)),
    "names" => new Names(host).MeasureAsync(),
    _ => throw new ArgumentException("ClusterLoad wakes|names KUBECONFIG REDIS ..."),
});
