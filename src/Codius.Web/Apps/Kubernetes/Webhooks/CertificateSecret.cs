using System.Net;
using System.Text;
using Codius.Web.Apps.Kubernetes.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Webhooks;

/// <summary>The Secret from which all gateways of a host load the webhooks' certificate; only the leader writes it.</summary>
/// <param name="Namespace">The gateways' own.</param>
/// <param name="Name">The Secret's name, and that of the Service of the webhooks.</param>
internal sealed record CertificateSecret(string Namespace, string Name)
{
    public const string Certificate = "tls.crt";
    public const string Key = "tls.key";
    public const string Authorities = "ca.crt";
    private const string AuthorityKey = "ca.key";

    private string Selector => $"metadata.name={Name}";

    /// <summary>The DNS names by which the API server calls the webhooks' Service.</summary>
    public string[] DnsNames => [$"{Name}.{Namespace}.svc"];

    /// <summary>Lists and watches this one Secret.</summary>
    public WatchSource<V1Secret> Source(IKubernetes client) => new("webhook certificates",
        async end => WatchSource.Listed(
            await client.CoreV1.ListNamespacedSecretAsync(Namespace, fieldSelector: Selector, cancellationToken: end)),
        (version, end) => client.CoreV1.WatchListNamespacedSecretAsync(Namespace, allowWatchBookmarks: true, fieldSelector: Selector,
            resourceVersion: version, timeoutSeconds: WatchSource.Seconds, onError: WatchSource.EndOnError, cancellationToken: end));

    /// <summary>Null if it does not exist.</summary>
    public async Task<V1Secret?> ReadAsync(IKubernetes client, CancellationToken cancellation)
    {
        try
        {
            return await client.CoreV1.ReadNamespacedSecretAsync(Name, Namespace, cancellationToken: cancellation);
        }
        catch (HttpOperationException missing) when (missing.Response?.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Creates it, or replaces the one that was read; fails if another gateway has changed it meanwhile.</summary>
    public Task WriteAsync(IKubernetes client, V1Secret? there, CertificateBundle bundle, CancellationToken cancellation)
    {
        var secret = there ?? new V1Secret { Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Namespace }, Type = "Opaque" };
        secret.Data = new Dictionary<string, byte[]>
        {
            [Certificate] = Encoding.ASCII.GetBytes(bundle.Certificate),
            [Key] = Encoding.ASCII.GetBytes(bundle.Key),
            [Authorities] = Encoding.ASCII.GetBytes(bundle.Authorities),
            [AuthorityKey] = Encoding.ASCII.GetBytes(bundle.AuthorityKey),
        };
        return there is null
            ? client.CoreV1.CreateNamespacedSecretAsync(secret, Namespace, cancellationToken: cancellation)
            : client.CoreV1.ReplaceNamespacedSecretAsync(secret, Name, Namespace, cancellationToken: cancellation);
    }

    /// <summary>The bundle in a Secret; null if a part is missing.</summary>
    public static CertificateBundle? Open(V1Secret? secret) =>
        Text(secret, Authorities) is { } authorities && Text(secret, AuthorityKey) is { } authorityKey
            && Text(secret, Certificate) is { } certificate && Text(secret, Key) is { } key
            ? new CertificateBundle(authorities, authorityKey, certificate, key) : null;

    private static string? Text(V1Secret? secret, string key) =>
        secret?.Data?.TryGetValue(key, out var bytes) == true ? Encoding.ASCII.GetString(bytes) : null;
}
