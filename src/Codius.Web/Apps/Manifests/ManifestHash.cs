using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// The content hash of a manifest, byte-compatible with codius-operator's: base32 of SHA-256 of the spec as Go writes it,
/// with the hash of the secret data filled in and the port defaulted before.
/// </summary>
internal static class ManifestHash
{
    /// <summary>Characters in a hash.</summary>
    public const int Length = 52;

    /// <summary>True for text that could be a hash: a mutable app must not have such a name.</summary>
    public static bool LooksLikeHash(string text) =>
        text.Length == Length && Base32.IsText(text);

    /// <summary>The hash of a spec that <see cref="FillIn"/> has completed.</summary>
    public static string OfSpec(AppSpec spec) => Of(CanonicalSpec(spec));

    /// <summary>The hash of secret data; null if there is none. Empty data has a hash.</summary>
    public static string? OfSecretData(IReadOnlyDictionary<string, string>? secretData) =>
        secretData is null ? null : Of(CanonicalSecretData(secretData));

    /// <summary>The manifest with the hash of its secret data in every reference to it; without secret data nothing changes.</summary>
    public static AppManifest FillIn(AppManifest manifest)
    {
        if (OfSecretData(manifest.SecretData) is not { } hash) return manifest;
        return manifest with { Spec = manifest.Spec with { Containers = [.. manifest.Spec.Containers.Select(FillInContainer)] } };

        ContainerSpec FillInContainer(ContainerSpec container) =>
            container.Env is null ? container : container with { Env = [.. container.Env.Select(FillInVariable)] };

        EnvironmentVariable FillInVariable(EnvironmentVariable variable) =>
            variable.ValueFrom is not { } source ? variable : variable with { ValueFrom = new(source.SecretKeyRef with { Hash = hash }) };
    }

    /// <summary>
    /// The bytes of both texts that are hashed, of a manifest that <see cref="FillIn"/> has completed. The hash decides it: it covers the
    /// spec, and by the spec's references the secret data, without which that is not kept.
    /// </summary>
    public static int SizeOf(AppManifest manifest) =>
        Encoding.UTF8.GetByteCount(CanonicalSpec(manifest.Spec))
            + (manifest.SecretData is { } secrets ? Encoding.UTF8.GetByteCount(CanonicalSecretData(secrets)) : 0);

    /// <summary>The exact text that is hashed.</summary>
    public static string CanonicalSpec(AppSpec spec) => new GoJson().Object(json =>
    {
        json.Member("containers").Array(spec.Containers, Container);
        // An explicit 0 was left out by Go and then defaulted by the API server.
        json.Member("port").Number(spec.Port == 0 ? AppSpec.DefaultPort : spec.Port);
    }).ToString();

    private static string CanonicalSecretData(IReadOnlyDictionary<string, string> secretData) => new GoJson().Object(json =>
    {
        foreach (var (key, value) in secretData.OrderBy(pair => pair.Key, Utf8Order)) json.Member(key).Text(value);
    }).ToString();

    private static void Container(GoJson into, ContainerSpec container) => into.Object(json =>
    {
        json.Member("name").Text(container.Name);
        json.Member("image").Text(container.Image);
        json.Optional("command", container.Command);
        json.Optional("args", container.Args);
        json.Optional("workingDir", container.WorkingDir);
        json.Optional("env", container.Env, Variable);
        json.Optional("livenessProbe", container.LivenessProbe, Probe);
        json.Optional("readinessProbe", container.ReadinessProbe, Probe);
        json.Optional("startupProbe", container.StartupProbe, Probe);
    });

    private static void Variable(GoJson into, EnvironmentVariable variable) => into.Object(json =>
    {
        json.Member("name").Text(variable.Name);
        json.Optional("value", variable.Value);
        json.Optional("valueFrom", variable.ValueFrom, static (into, source) => into.Object(json =>
            json.Member("secretKeyRef").Object(json =>
            {
                json.Optional("hash", source.SecretKeyRef.Hash);
                json.Member("key").Text(source.SecretKeyRef.Key);
            })));
    });

    private static void Probe(GoJson into, Probe probe) => into.Object(json =>
    {
        json.Optional("exec", probe.Exec, static (into, exec) => into.Object(json => json.Optional("command", exec.Command)));
        json.Optional("httpGet", probe.HttpGet, HttpGet);
        json.Optional("tcpSocket", probe.TcpSocket, static (into, tcp) => into.Object(json =>
        {
            Port(json.Member("port"), tcp.Port);
            json.Optional("host", tcp.Host);
        }));
        json.Optional("initialDelaySeconds", probe.InitialDelaySeconds);
        json.Optional("timeoutSeconds", probe.TimeoutSeconds);
        json.Optional("periodSeconds", probe.PeriodSeconds);
        json.Optional("successThreshold", probe.SuccessThreshold);
        json.Optional("failureThreshold", probe.FailureThreshold);
    });

    private static void HttpGet(GoJson into, HttpGetAction get) => into.Object(json =>
    {
        json.Optional("path", get.Path);
        Port(json.Member("port"), get.Port);
        json.Optional("host", get.Host);
        json.Optional("scheme", get.Scheme);
        json.Optional("httpHeaders", get.HttpHeaders, static (into, header) => into.Object(json =>
        {
            json.Member("name").Text(header.Name);
            json.Member("value").Text(header.Value);
        }));
    });

    private static void Port(GoJson into, PortReference port)
    {
        if (port.Name is { } name) into.Text(name);
        else into.Number(port.Number);
    }

    private static string Of(string canonical) => Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    // Go sorts a map's keys by their bytes; UTF-16's order differs from that beyond U+FFFF.
    private static readonly Comparer<string> Utf8Order = Comparer<string>.Create(static (left, right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));
}
