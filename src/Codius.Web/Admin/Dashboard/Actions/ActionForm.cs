namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>What an admin filled in.</summary>
/// <param name="Subject">The app or the connector.</param>
/// <param name="Values">By field.</param>
/// <param name="Reason">Why.</param>
/// <param name="Id">Made with the form: sent twice, it is done once.</param>
public sealed record ActionForm(string Subject, IReadOnlyDictionary<string, string> Values, string Reason, string Id)
{
    public const string ReasonField = "reason";
    public const string IdField = "id";
    public const string SureField = "sure";

    public string this[string field] => Values.GetValueOrDefault(field, "").Trim();
}
