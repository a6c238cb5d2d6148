using System.Text.Json;

namespace Interledger.Net.Tests.Vectors;

/// <summary>
/// All cases of <c>interledger.json</c>, and of every other file of that form in the folder named by <c>INTERLEDGER_VECTORS</c>.
/// </summary>
public static class VectorFiles
{
    public const string Own = "interledger.json";

    private static readonly Lazy<IReadOnlyList<Vector>> AllVectors = new(() => Files().SelectMany(Read).ToArray());

    public static IReadOnlyList<Vector> All => AllVectors.Value;

    /// <summary>The cases of a section as theory data: where each case stands, and its name for the reader.</summary>
    public static TheoryData<string, int, string> Section(string section)
    {
        var data = new TheoryData<string, int, string>();
        foreach (var vector in All.Where(vector => vector.Section == section))
            data.Add(vector.File, vector.Index, vector.Name);
        return data;
    }

    public static Vector Get(string file, string section, int index) =>
        All.Single(vector => vector.File == file && vector.Section == section && vector.Index == index);

    private static IEnumerable<string> Files()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "Vectors", Own);
        var folder = Environment.GetEnvironmentVariable("INTERLEDGER_VECTORS");
        if (string.IsNullOrEmpty(folder))
            yield break;
        foreach (var file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            yield return file;
    }

    private static IEnumerable<Vector> Read(string path)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("vectors", out var sections)
            || sections.ValueKind != JsonValueKind.Object)
            yield break;
        var file = path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal) ? Own : path;
        foreach (var section in sections.EnumerateObject().Where(section => section.Value.ValueKind == JsonValueKind.Array))
        {
            var index = 0;
            foreach (var vector in section.Value.EnumerateArray())
                yield return new Vector(file, section.Name, index++, vector);
        }
    }
}
