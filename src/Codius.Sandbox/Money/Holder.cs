namespace Codius.Sandbox.Money;

/// <summary>Whose play money it is. Each unit that was ever granted is in exactly one of these books.</summary>
internal enum Holder
{
    /// <summary>The wallet of whoever sits at this machine.</summary>
    Visitor,

    /// <summary>What the connector has passed on to the gateway by <c>/ilp</c>.</summary>
    Gateway,

    /// <summary>The host's receiving wallet, in Wallet mode.</summary>
    Host,
}
