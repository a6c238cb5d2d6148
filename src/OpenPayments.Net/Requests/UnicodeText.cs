using System.Text.Json;

namespace OpenPayments.Net.Requests;

/// <summary>
/// Finds texts that are no Unicode, such as a half of a surrogate pair: JSON can write them, and reading one throws.
/// </summary>
internal static class UnicodeText
{
    /// <summary>True if all texts and names in the JSON are Unicode.</summary>
    public static bool IsIn(JsonElement json)
    {
        try
        {
            return Read(json);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString() is not null,
        JsonValueKind.Array => json.EnumerateArray().All(Read),
        JsonValueKind.Object => json.EnumerateObject().All(member => member.Name is not null && Read(member.Value)),
        _ => true,
    };
}
