using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Home;

/// <summary>All that the host's own page says.</summary>
public sealed record HomeModel
{
    public required Money PerRequest { get; init; }

    public required Money PerHour { get; init; }

    public required Money PerDeploy { get; init; }

    public required Money Opening { get; init; }

    /// <summary>The account that the reader asked for; null for none.</summary>
    public AccountModel? Account { get; init; }

    /// <summary>True if what was asked for cannot be the account of a deploy token.</summary>
    public bool BadAccount { get; init; }

    public required string ExampleImage { get; init; }

    public Uri? KubernetesApiUrl { get; init; }

    /// <summary>Names and addresses of the apps; empty where they are not listed.</summary>
    public required IReadOnlyList<AppLink> Apps { get; init; }
}

/// <summary>One app in the list.</summary>
public sealed record AppLink(string Name, string Url);

/// <summary>A deploy token's account, as its owner tops it up.</summary>
public sealed record AccountModel
{
    public required string Id { get; init; }

    public required Money Balance { get; init; }

    public required string PaymentPointer { get; init; }

    public required string WalletAddress { get; init; }

    public string? SandboxUrl { get; init; }

    public required int Scale { get; init; }
}
