namespace Codius.Sandbox.Money;

/// <summary>The owner of play money; each granted unit belongs to exactly one.</summary>
internal enum Holder
{
    /// <summary>The wallet of the person at this machine.</summary>
    Visitor,

    /// <summary>What the connector has forwarded to the gateway by <c>/ilp</c>.</summary>
    Gateway,

    /// <summary>The host's receiving wallet, in Wallet mode.</summary>
    Host,
}
