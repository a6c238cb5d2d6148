using System.Globalization;
using System.Text;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// Writes JSON byte for byte as Go's <c>encoding/json</c> of 2020 does, since hashes are taken of its text: members in the
/// order they are written, empty ones left out, and HTML's characters, U+2028 and U+2029 escaped.
/// </summary>
internal sealed class GoJson
{
    private readonly StringBuilder _text = new();
    private bool _first = true;

    public override string ToString() => _text.ToString();

    public GoJson Object(Action<GoJson> members) => Nested('{', members, '}');

    public GoJson Array<T>(IEnumerable<T> items, Action<GoJson, T> write) => Nested('[', json =>
    {
        foreach (var item in items)
        {
            json.Separate();
            write(json, item);
        }
    }, ']');

    /// <summary>Begins a member; its value is written next.</summary>
    public GoJson Member(string name)
    {
        Separate();
        Text(name);
        _text.Append(':');
        return this;
    }

    /// <summary>A member that is left out when empty (<c>omitempty</c>).</summary>
    public void Optional(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) Member(name).Text(value);
    }

    public void Optional(string name, int value)
    {
        if (value != 0) Member(name).Number(value);
    }

    public void Optional(string name, IReadOnlyCollection<string>? values) =>
        Optional(name, values, static (json, value) => json.Text(value));

    public void Optional<T>(string name, IReadOnlyCollection<T>? values, Action<GoJson, T> write)
    {
        if (values is { Count: > 0 }) Member(name).Array(values, write);
    }

    public void Optional<T>(string name, T? value, Action<GoJson, T> write) where T : class
    {
        if (value is not null) write(Member(name), value);
    }

    public GoJson Number(int value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public GoJson Text(string value)
    {
        _text.Append('"');
        foreach (var character in value) Escape(character);
        _text.Append('"');
        return this;
    }

    private void Escape(char character)
    {
        switch (character)
        {
            case '"' or '\\':
                _text.Append('\\').Append(character);
                break;
            case '\n':
                _text.Append("\\n");
                break;
            case '\r':
                _text.Append("\\r");
                break;
            case '\t':
                _text.Append("\\t");
                break;
            // Go writes \b and \f in short only since 1.22; hashes of 2020 have the long form.
            case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
                break;
            default:
                _text.Append(character);
                break;
        }
    }

    private GoJson Nested(char open, Action<GoJson> inside, char close)
    {
        _text.Append(open);
        _first = true;
        inside(this);
        _text.Append(close);
        _first = false;
        return this;
    }

    private void Separate()
    {
        if (!_first) _text.Append(',');
        _first = false;
    }
}
