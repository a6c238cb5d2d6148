namespace Codius.Web.Admin.Access;

/// <summary>What an admin token may do; each is granted by itself.</summary>
internal enum AdminScope
{
    /// <summary>See everything.</summary>
    Read,

    /// <summary>Change what apps do: wake, sleep, block, price, cap.</summary>
    Operate,

    /// <summary>Move money: refund, adjust, settle.</summary>
    Money,
}

/// <summary>The scopes as the API writes them.</summary>
internal static class AdminScopes
{
    public static IReadOnlyList<AdminScope> All { get; } = [AdminScope.Read, AdminScope.Operate, AdminScope.Money];

    public static string NameOf(AdminScope scope) => scope switch
    {
        AdminScope.Read => "read",
        AdminScope.Operate => "operate",
        AdminScope.Money => "money",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>Parses names; null if there is none, or one is no scope.</summary>
    public static IReadOnlyList<AdminScope>? Parse(IReadOnlyList<string>? names)
    {
        if (names is not { Count: > 0 }) return null;
        var scopes = All.Where(scope => names.Contains(NameOf(scope))).ToList();
        return names.All(name => scopes.Exists(scope => NameOf(scope) == name)) ? scopes : null;
    }
}
