namespace Codius.Web.Hosting.Settings;

/// <summary>Defaults in Development: listen on loopback only, stop at once.</summary>
internal static class DevelopmentDefaults
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment()) return;
        var defaults = new Dictionary<string, string?>
        {
            ["Gateway:Listen"] = "localhost",
            ["Gateway:DrainDelay"] = "00:00:00",
            ["Gateway:DrainTimeout"] = "00:00:05",
        };
        // After the files, but before the environment and the command line, which must take precedence.
        var sources = builder.Configuration.Sources;
        var behindFiles = sources.ToList()
            .FindLastIndex(source => source is Microsoft.Extensions.Configuration.Json.JsonConfigurationSource) + 1;
        sources.Insert(behindFiles, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = defaults });
    }
}
