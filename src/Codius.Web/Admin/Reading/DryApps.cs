namespace Codius.Web.Admin.Reading;

/// <summary>How many apps have no money for a request, or will have none if they go on as in the last hour.</summary>
/// <param name="Dry">They cannot pay for one request.</param>
/// <param name="WithinHour">They can, and run dry within an hour.</param>
/// <param name="WithinDay">They run dry later than that, within a day.</param>
public sealed record DryApps(int Dry, int WithinHour, int WithinDay);
