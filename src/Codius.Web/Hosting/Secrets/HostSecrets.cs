namespace Codius.Web.Hosting.Secrets;

/// <summary>The secret in force and the earlier ones that are still believed.</summary>
internal sealed class HostSecrets(HostSecret current, IReadOnlyList<HostSecret> previous)
{
    /// <summary>New tokens, nonces and seals are made with this one.</summary>
    public HostSecret Current { get; } = current;

    /// <summary>All that are accepted, the one in force first.</summary>
    public IReadOnlyList<HostSecret> All { get; } = [current, .. previous];
}
