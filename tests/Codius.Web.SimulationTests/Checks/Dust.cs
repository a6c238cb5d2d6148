namespace Codius.Web.SimulationTests.Checks;

/// <summary>An account that was never paid what keeps it for good ends some time after its last change, by what it was paid.</summary>
internal static class Dust
{
    /// <summary>How long it is kept at most, in milliseconds.</summary>
    public const long KeptMost = 600_000;

    /// <summary>How long it is kept at least.</summary>
    public const long KeptLeast = 120_000;

    /// <summary>After each script: what it changed of the account puts off its end.</summary>
    public static void Check(AccountState before, AccountState now, Books books, ulong openAt, long clock, bool hasCrashed)
    {
        if (!now.Exists) return;
        books.IsKeptForGood |= now.Credited >= openAt;
        if (books.IsKeptForGood)
        {
            Rule.Holds(now.EndsAt is null, "What was once paid enough is kept for good", $"{now}");
            return;
        }
        var kept = KeptFor(now.Credited, openAt);
        // Then it keeps the end that it had, or has none, until its next change.
        books.MayLackEnd |= hasCrashed;
        if (hasCrashed) return;
        // An end that would be put off by less than a sixteenth of that is left as it is.
        var isPutOff = now.EndsAt >= clock + (kept * 15 / 16) && (now.EndsAt <= clock + kept || now.EndsAt == before.EndsAt);
        if (isPutOff) books.MayLackEnd = false;
        // A script that changes no money may put it off or not.
        Rule.Holds(
            isPutOff || ((books.MayLackEnd || now.EndsAt is not null) && now.EndsAt == before.EndsAt && !IsChanged(before, now)),
            "Dust is kept for what it was paid, from its last change on", $"{before}, {now} at {clock}, kept for {kept}");
    }

    /// <summary>It has ended: what is gone with it was too little to open a page.</summary>
    public static void CheckEnd(AccountState last, Books books, ulong openAt, long clock) =>
        Rule.Holds(
            !books.IsKeptForGood && last.Credited < openAt && last.EndsAt <= clock, "Only dust ends, and not before its end",
            $"{last} at {clock}, kept from {openAt} on");

    // Rounded as Lua does; to the millisecond both are the same.
    private static long KeptFor(ulong credited, ulong openAt) =>
        Math.Max(KeptLeast, (long)Math.Round(KeptMost * (credited / (double)openAt), MidpointRounding.ToEven));

    private static bool IsChanged(AccountState before, AccountState now) =>
        (before.Credited, before.Balance, before.Spent, before.Leased) != (now.Credited, now.Balance, now.Spent, now.Leased);
}
