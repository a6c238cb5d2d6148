using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Streaming;

/// <summary>
/// Knows who may post packets: the connectors of the settings and, in Development, the sandbox's connector in this process.
/// </summary>
internal sealed class ConnectorTokens
{
    /// <summary>The sandbox's name as a connector. Its play money is owed by nobody.</summary>
    public const string Sandbox = "-sandbox";

    public ConnectorTokens(IOptions<PaymentsOptions> options, IHostEnvironment environment)
    {
        var configured = options.Value.Connectors.Select(pair => (pair.Key, pair.Value));
        if (environment.IsDevelopment()) OfSandbox = RandomNumberGenerator.GetHexString(64, lowercase: true);
        Peers = new IlpPeerTokens(OfSandbox is null ? configured : configured.Append((Sandbox, OfSandbox)));
    }

    public IlpPeerTokens Peers { get; }

    /// <summary>The token made for the sandbox at this start; null outside Development. Never written anywhere.</summary>
    public string? OfSandbox { get; }

    public override string ToString() => "***";
}
