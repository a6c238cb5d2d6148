using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Home;

/// <summary>The data of the host's own page.</summary>
public sealed record HomeModel
{
    public required Money PerRequest { get; init; }

    public required Money PerHour { get; init; }

    public required Money PerDeploy { get; init; }

    public required Money Opening { get; init; }

    /// <summary>The requested account; null for none.</summary>
    public AccountModel? Account { get; init; }

    /// <summary>True if the requested id is not that of a deploy token's account.</summary>
    public bool BadAccount { get; init; }

    public required string ExampleImage { get; init; }

    public Uri? KubernetesApiUrl { get; init; }

    /// <summary>True if the page offers the certificate authority of that server.</summary>
    public bool HasKubernetesAuthority { get; init; }

    /// <summary>Names and URLs of the apps; empty where they are not listed.</summary>
    public required IReadOnlyList<AppLink> Apps { get; init; }
}

/// <summary>One app in the list.</summary>
public sealed record AppLink(AppIntroModel App, string Url)
{
    /// <summary>The address as people read it: a title may say anything.</summary>
    public string Address => new Uri(Url).Authority;
}

/// <summary>A deploy token's account, with what its owner needs to top it up.</summary>
public sealed record AccountModel
{
    public required string Id { get; init; }

    public required Money Balance { get; init; }

    public required string PaymentPointer { get; init; }

    /// <summary>False while no way to pay works.</summary>
    public required bool CanBePaid { get; init; }

    /// <summary>Null where the host can only be paid by SPSP, and while it cannot be paid.</summary>
    public required string? WalletAddress { get; init; }

    /// <summary>The address of the page that shows this account, for the QR code.</summary>
    public required string PageUrl { get; init; }

    public string? SandboxUrl { get; init; }

    public required int Scale { get; init; }
}
