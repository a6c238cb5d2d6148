using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>An app whose manifest was accepted: validated, with the secrets' hashes filled in and the port defaulted.</summary>
/// <param name="Name">The label under the host's domain.</param>
/// <param name="Hash">The manifest's hash, 52 characters.</param>
/// <param name="Spec">Its containers and port.</param>
/// <param name="SecretData">Its secrets in clear; only runners read them.</param>
/// <param name="Owner">The account of the deploy token that put it here; null for an app the host itself deployed.</param>
/// <param name="Annotations">The owner's other settings, such as <see cref="AppAnnotations.MaxSpendPerHour"/>.</param>
internal sealed record StoredApp(
    string Name,
    string Hash,
    AppSpec Spec,
    IReadOnlyDictionary<string, string>? SecretData,
    AccountId? Owner,
    IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>When the name was first deployed (again); the store sets it.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    // Secrets never come out by accident.
    public override string ToString() => $"{Name} ({Hash})";
}
