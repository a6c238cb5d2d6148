namespace Codius.Web.Hosting.Secrets;

/// <summary>The current secret and earlier ones that are still accepted.</summary>
internal sealed class HostSecrets(HostSecret current, IReadOnlyList<HostSecret> previous)
{
    /// <summary>New tokens, nonces and seals are made with this one.</summary>
    public HostSecret Current { get; } = current;

    /// <summary>All accepted secrets, the current one first.</summary>
    public IReadOnlyList<HostSecret> All { get; } = [current, .. previous];
}
