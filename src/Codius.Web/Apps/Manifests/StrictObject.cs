using System.Text.Json;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// Reads one JSON object from outside, member by member, and collects each fault with its path instead of stopping at the first.
/// A member that is null counts as absent, as it does for Go.
/// </summary>
internal sealed class StrictObject
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly ICollection<ValidationError> _faults;

    public StrictObject(JsonElement element, string path, ICollection<ValidationError> faults)
    {
        (_path, _faults) = (path, faults);
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new ValidationError(path.Length == 0 ? "manifest" : path, "must be an object"));
            return;
        }
        foreach (var member in element.EnumerateObject()) _members[member.Name] = member.Value;
    }

    public string? Text(string name) => Pop(name) is { } value ? TextOf(value, At(name)) : null;

    public int? Whole(string name)
    {
        if (Pop(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)) return number;
        _faults.Add(new ValidationError(At(name), "must be a whole number"));
        return null;
    }

    public PortReference Port(string name) => Pop(name) switch
    {
        null => default,
        { ValueKind: JsonValueKind.String } value => new PortReference(0, TextOf(value, At(name))),
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => new PortReference(number),
        _ => Wrong(At(name), "must be a port's number or name"),
    };

    public T? Object<T>(string name, Func<StrictObject, T> read) where T : class =>
        Pop(name) is { } value ? Read(value, At(name), read) : null;

    public IReadOnlyList<T>? Objects<T>(string name, Func<StrictObject, T> read) => List(name, (value, path) => Read(value, path, read));

    public IReadOnlyList<string>? Texts(string name) => List(name, TextOf);

    public IReadOnlyDictionary<string, string>? Map(string name)
    {
        if (Pop(name) is not { } value) return null;
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object) Wrong(At(name), "must be an object of texts");
        else foreach (var member in value.EnumerateObject()) map[member.Name] = TextOf(member.Value, $"{At(name)}.{member.Name}");
        return map;
    }

    /// <summary>Skips a member: another part of the manifest's envelope.</summary>
    public void Skip(string name) => _members.Remove(name);

    /// <summary>Members that were not read are unknown: each is a fault.</summary>
    public void Close()
    {
        foreach (var name in _members.Keys) _faults.Add(new ValidationError(At(name), "is not a field of a manifest"));
    }

    private T Read<T>(JsonElement value, string path, Func<StrictObject, T> read)
    {
        var inner = new StrictObject(value, path, _faults);
        var result = read(inner);
        inner.Close();
        return result;
    }

    private List<T>? List<T>(string name, Func<JsonElement, string, T> read)
    {
        if (Pop(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray().Select((item, index) => read(item, $"{At(name)}[{index}]"))];
        _faults.Add(new ValidationError(At(name), "must be a list"));
        return null;
    }

    private string TextOf(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _faults.Add(new ValidationError(path, "must be text"));
            return "";
        }
        var text = value.GetString()!;
        // Neither a program's arguments nor its environment can hold one.
        if (text.Contains('\0', StringComparison.Ordinal)) _faults.Add(new ValidationError(path, "must not contain the character U+0000"));
        return text;
    }

    private PortReference Wrong(string path, string message)
    {
        _faults.Add(new ValidationError(path, message));
        return default;
    }

    private JsonElement? Pop(string name) =>
        _members.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string At(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
