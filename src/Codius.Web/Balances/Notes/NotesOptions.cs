using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Balances.Notes;

/// <summary>What strangers may make the host remember. Section <c>Notes</c>.</summary>
internal sealed class NotesOptions
{
    public const string Section = "Notes";

    /// <summary>
    /// How many notes Redis keeps (ended grants, incoming payments completed unpaid), about 600 bytes each; of more, the client with
    /// the most loses its oldest.
    /// </summary>
    /// <value>The default is 50,000.</value>
    [Range(100, 10_000_000)]
    public int Most { get; set; } = 50_000;
}
