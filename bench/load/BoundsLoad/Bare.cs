using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BoundsLoad;

/// <summary>The same requests held by a bare Kestrel endpoint: what of the memory is not the gateway's.</summary>
internal static class Bare
{
    public static async Task MeasureAsync(int requests, string[] command)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("awake", context.RequestAborted);
        });
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var before = Usage.Now();
        await using var clients = new ClientProcess(command, new Uri(address).Port, requests, "bare.test", "HTTP/1.1 200", "/");
        await clients.SentAsync();
        await Usage.IdleAsync(TimeSpan.FromSeconds(5));
        var held = Usage.Now();
        release.SetResult();
        var answered = await clients.AllFoundAsync($"{requests}x1");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {requests} | {held.Since(before, requests)} | | {answered.TotalSeconds:0.0} s |"));
    }
}
