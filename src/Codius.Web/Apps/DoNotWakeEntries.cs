using System.Buffers;

namespace Codius.Web.Apps;

/// <summary>
/// The form of entries that name requests which do not wake an app: <c>/path</c> is a path, <c>/path*</c> its beginning, anything else a
/// part of a <c>User-Agent</c>; <c>-</c> in front removes an entry of before, and <c>-*</c> removes all of them. Case is ignored.
/// </summary>
internal static class DoNotWakeEntries
{
    /// <summary>Removes all entries of before.</summary>
    public const string RemoveAll = "-*";

    private const int MaxEntries = 20;
    private const int MaxLength = 100;
    private const int MinAgent = 3;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create(" !\"#$%&'()*+-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The entries of an annotation, which commas separate.</summary>
    public static string[] Split(string annotation) =>
        annotation.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What is wrong with an annotation; null if nothing is.</summary>
    public static string? Fault(string annotation)
    {
        if (annotation.Length > MaxEntries * (MaxLength + 2)) return $"is too long: {MaxEntries} entries of {MaxLength} characters at most";
        var entries = Split(annotation);
        return entries.Length > MaxEntries ? $"has {entries.Length} entries; {MaxEntries} at most"
            : entries.Select(EntryFault).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>What is wrong with one entry; null if nothing is.</summary>
    public static string? EntryFault(string entry)
    {
        var name = entry.StartsWith('-') ? entry[1..] : entry;
        if (entry == RemoveAll) return null;
        if (entry.Length > MaxLength) return $"'{entry[..20]}...' is longer than {MaxLength} characters";
        if (name.AsSpan().ContainsAnyExcept(Allowed)) return $"'{entry}' has a character that is not printable ASCII, or a comma";
        if (IsPath(name)) return null;
        return name.Trim().Length < MinAgent
            ? $"'{entry}' is neither a path, which begins with /, nor at least {MinAgent} characters of a User-Agent" : null;
    }

    public static bool IsPath(string entry) => entry.StartsWith('/');
}
