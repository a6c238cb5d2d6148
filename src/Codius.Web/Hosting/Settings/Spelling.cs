namespace Codius.Web.Hosting.Settings;

/// <summary>Recognizes misspelled names.</summary>
internal static class Spelling
{
    /// <summary>True if one is probably a misspelling of the other: a third of its letters may be wrong, at least one.</summary>
    public static bool AreNear(string known, string given) => Distance(known, given) <= Math.Max(1, known.Length / 3);

    /// <summary>The Levenshtein distance, ignoring case.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
