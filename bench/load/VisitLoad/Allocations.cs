namespace VisitLoad;

/// <summary>Answers what this process has allocated in bytes, on a port and in a pipeline of its own.</summary>
internal static class Allocations
{
    public static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync($"allocated {GC.GetTotalAllocatedBytes()}\n"));
        return app;
    }
}
