namespace Codius.Sandbox;

/// <summary>The gateway's values that the sandbox needs.</summary>
public sealed record SandboxSettings
{
    /// <summary>The host's domain, such as <c>localhost</c>; names at or below it are reached on this machine.</summary>
    public required string Domain { get; init; }

    /// <summary>The port the gateway listens on, without TLS.</summary>
    public required int Port { get; init; }

    /// <summary>The wallet's own origin as browsers see it.</summary>
    public required string WalletOrigin { get; init; }

    /// <summary>The gateway's ILP address: packets to it and below go to its <c>/ilp</c>.</summary>
    public required string GatewayAddress { get; init; }

    /// <summary>The connector token of the sandbox's connector at the gateway. Not part of the text form of these settings.</summary>
    public required string GatewayToken { get; init; }

    /// <summary>Code of the one asset of all balances here.</summary>
    public required string AssetCode { get; init; }

    /// <summary>Decimal digits of the asset.</summary>
    public required int AssetScale { get; init; }

    /// <summary>The file of the play money.</summary>
    public required string File { get; init; }

    /// <summary>Units the visitor's wallet starts with, and is refilled to.</summary>
    public required ulong StartingBalance { get; init; }

    /// <summary>Runs a round of background work, named first; an exception in it is reported and does not end the gateway.</summary>
    public Func<string, Func<Task>, Task> Supervise { get; init; } = static (_, round) => round();

    public override string ToString() => $"{WalletOrigin} ({AssetCode}, scale {AssetScale}, tokens ***)";
}
