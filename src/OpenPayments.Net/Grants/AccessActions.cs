namespace OpenPayments.Net.Grants;

/// <summary>What can be done with incoming payments. The values are in grant tokens.</summary>
[Flags]
internal enum AccessActions : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Make one.</summary>
    Create = 1,

    /// <summary>Read one that the client made.</summary>
    Read = 2,

    /// <summary>Read any.</summary>
    ReadAll = 4,

    /// <summary>List those that the client made.</summary>
    List = 8,

    /// <summary>Complete one that the client made.</summary>
    Complete = 16,
}
