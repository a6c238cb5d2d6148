namespace Codius.Web.Visits;

/// <summary>The steps of a visit that take time of their own.</summary>
internal enum VisitStep
{
    /// <summary>Finding the app; the rate limit's short wait.</summary>
    Arrival,

    /// <summary>Reserving the price.</summary>
    Charging,

    /// <summary>Waking the app and waiting for it.</summary>
    ColdStart,

    /// <summary>The app's turn, and the streams between it and the client.</summary>
    Forwarding,
}
