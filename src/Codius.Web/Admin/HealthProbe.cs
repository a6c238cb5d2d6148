using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Admin;

/// <summary><c>Codius.Web health</c>: requests the readiness of the gateway on this machine, for images that have no curl.</summary>
internal static class HealthProbe
{
    public const string Command = "health";

    /// <returns>0 if the gateway is ready, else 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args).Build();
        var port = settings[$"{GatewayOptions.Section}:{nameof(GatewayOptions.ManagementPort)}"]
            ?? new GatewayOptions().ManagementPort.ToString(CultureInfo.InvariantCulture);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://localhost:{port}/health/ready"));
            Console.Write(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            Console.WriteLine(unreachable.Message);
            return 1;
        }
    }
}
