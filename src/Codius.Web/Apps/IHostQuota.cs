namespace Codius.Web.Apps;

/// <summary>What all awake apps together may use of the machines.</summary>
internal interface IHostQuota
{
    /// <summary>What is used and what may be, some seconds old; null where nothing bounds it, or while it cannot be read.</summary>
    ValueTask<IReadOnlyList<QuotaUse>?> ReadAsync();
}

/// <summary>How much of a resource all awake apps together use.</summary>
/// <param name="Resource">As Kubernetes calls it, such as pods or requests.memory.</param>
/// <param name="Used">A Kubernetes quantity.</param>
/// <param name="Hard">The quantity that they may use.</param>
/// <param name="Percent">What is used of it, at most 100.</param>
internal sealed record QuotaUse(string Resource, string Used, string Hard, int Percent);

/// <summary>A host without one.</summary>
internal sealed class NoHostQuota : IHostQuota
{
    public ValueTask<IReadOnlyList<QuotaUse>?> ReadAsync() => ValueTask.FromResult<IReadOnlyList<QuotaUse>?>(null);
}
