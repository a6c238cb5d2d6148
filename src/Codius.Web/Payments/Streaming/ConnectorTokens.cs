using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Streaming;

/// <summary>
/// The tokens of those who may post packets: the configured connectors and, in Development, the sandbox's connector in this process.
/// </summary>
internal sealed class ConnectorTokens
{
    /// <summary>The sandbox's name as a connector. Its play money is not counted as debt.</summary>
    public const string Sandbox = "-sandbox";

    public ConnectorTokens(IOptions<PaymentsOptions> options, IHostEnvironment environment)
    {
        var configured = options.Value.Connectors.Select(pair => (pair.Key, pair.Value));
        if (environment.IsDevelopment()) OfSandbox = RandomNumberGenerator.GetHexString(64, lowercase: true);
        Peers = new IlpPeerTokens(OfSandbox is null ? configured : configured.Append((Sandbox, OfSandbox)));
    }

    public IlpPeerTokens Peers { get; }

    /// <summary>The sandbox's token, generated at start; null outside Development. Never stored or logged.</summary>
    public string? OfSandbox { get; }

    public override string ToString() => "***";
}
