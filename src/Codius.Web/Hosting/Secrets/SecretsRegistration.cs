using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Secrets;

/// <summary>Where the host's secrets come from: the settings, or in Development a file made once.</summary>
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
