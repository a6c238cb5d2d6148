using System.ComponentModel;
using System.Reflection;

namespace Codius.Web.Hosting.Settings;

/// <summary>
/// A setting or a section, with those below it, as the options classes declare them; case is ignored, as in all configuration.
/// </summary>
internal sealed class KnownSetting
{
    private static readonly Type[] Collections = [typeof(IEnumerable<>), typeof(IDictionary<,>)];

    private readonly SortedDictionary<string, KnownSetting> _named = new(StringComparer.OrdinalIgnoreCase);
    // The setting of each entry of a list or a dictionary.
    private KnownSetting? _entry;

    private KnownSetting()
    {
    }

    /// <summary>The root of all sections.</summary>
    public static KnownSetting Of(IEnumerable<(string Section, Type Options)> sections)
    {
        var root = new KnownSetting();
        foreach (var (section, options) in sections)
        {
            var at = root;
            foreach (var name in section.Split(':'))
            {
                if (!at._named.TryGetValue(name, out var below)) at._named[name] = below = new KnownSetting();
                at = below;
            }
            at.Declare(options);
        }
        return root;
    }

    public KnownSetting? Find(string name) => _named.GetValueOrDefault(name) ?? _entry;

    /// <summary>The known key that was probably meant, each part spelled alike or nearly; null if there is none.</summary>
    public string? Near(IReadOnlyList<string> parts, string path = "")
    {
        if (parts is not [var name, ..]) return path;
        string[] rest = [.. parts.Skip(1)];
        return _named.Where(pair => Spelling.AreNear(pair.Key, name)).OrderBy(pair => Spelling.Distance(pair.Key, name))
            .Select(pair => pair.Value.Near(rest, Below(path, pair.Key))).FirstOrDefault() ?? _entry?.Near(rest, Below(path, name));
    }

    /// <summary>The keys of all settings of this name, in any section.</summary>
    public IEnumerable<string> Named(string name, string path = "") => _named.SelectMany(pair =>
        string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase) && path.Length > 0
            ? [Below(path, pair.Key)]
            : pair.Value.Named(name, Below(path, pair.Key)));

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";

    private void Declare(Type type)
    {
        if (IsText(type)) return;
        if (EntryOf(type) is { } entry)
        {
            _entry = new KnownSetting();
            _entry.Declare(entry);
            return;
        }
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.Where(property => property.CanWrite || !IsText(property.PropertyType)))
        {
            if (!_named.TryGetValue(property.Name, out var below)) _named[property.Name] = below = new KnownSetting();
            below.Declare(property.PropertyType);
        }
    }

    private static bool IsText(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    // The items of a list, the values of a dictionary.
    private static Type? EntryOf(Type type) => type.GetInterfaces().Append(type)
        .Where(face => face.IsGenericType && Collections.Contains(face.GetGenericTypeDefinition()))
        .OrderByDescending(face => face.GenericTypeArguments.Length)
        .Select(face => face.GenericTypeArguments[^1]).FirstOrDefault();
}
