using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Secrets;

/// <summary>Registers the host's secrets: from the settings, or in Development from a file that is created once.</summary>
internal static class SecretsRegistration
{
    public static IServiceCollection AddHostSecrets(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        var options = provider.GetRequiredService<IOptions<HostOptions>>().Value;
        var current = options.Secret ?? provider.GetRequiredService<DataFolder>()
            .ReadOrMakeSecret("host-secret", static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(HostSecret.Length)));
        return new HostSecrets(Read(current), [.. options.PreviousSecrets.Select(Read)]);
    });

    private static HostSecret Read(string text) => new(Convert.FromBase64String(text));
}
