using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Codius.Sandbox.Money;

/// <summary>Reads the file of the play money and replaces it as a whole: a crash leaves the old one or the new one.</summary>
internal sealed class StateFile(SandboxSettings settings)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The saved state; a fresh wallet if there is none, or if the file cannot be parsed.</summary>
    public SandboxState Read()
    {
        try
        {
            if (File.Exists(settings.File) && JsonSerializer.Deserialize<SandboxState>(File.ReadAllBytes(settings.File), Json) is { } kept)
                return kept;
        }
        catch (JsonException)
        {
            // An unreadable file of play money must not prevent the gateway's start.
            File.Move(settings.File, settings.File + ".unreadable", overwrite: true);
        }
        return new SandboxState
        {
            Balances = new Dictionary<Holder, ulong> { [Holder.Visitor] = settings.StartingBalance },
            Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        };
    }

    public void Write(SandboxState state)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(settings.File)) is { } folder) Directory.CreateDirectory(folder);
        var draft = settings.File + ".new";
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, state, Json);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, settings.File, overwrite: true);
    }
}
