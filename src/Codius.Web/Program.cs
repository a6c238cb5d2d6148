using Codius.Web;
using Codius.Web.Admin;
using Codius.Web.Hosting;

if (args is [HealthProbe.Command, .. var rest]) return await HealthProbe.RunAsync(rest);

try
{
    await using var app = Gateway.Build(args);
    await app.RunAsync();
    return 0;
}
catch (StartupFaultException cannot)
{
    await Console.Error.WriteLineAsync("Codius.Web cannot start:");
    foreach (var fault in cannot.Faults) await Console.Error.WriteLineAsync("  - " + fault);
    return 1;
}
catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync($"Codius.Web cannot start:\n  - {taken.Message} Another program has that port; "
        + "stop it, or choose another (--Gateway:Port=..., --Gateway:ManagementPort=...).");
    return 1;
}
