using System.Net;

namespace BoundsLoad;

/// <summary>An app that does not listen before a file is there.</summary>
internal static class LateApp
{
    public static async Task RunAsync(string file)
    {
        while (!File.Exists(file)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = int.Parse(Environment.GetEnvironmentVariable("PORT")!, System.Globalization.CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.MapGet("/", () => "awake");
        await app.RunAsync();
    }
}
