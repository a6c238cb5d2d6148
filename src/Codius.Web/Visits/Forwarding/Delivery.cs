namespace Codius.Web.Visits.Forwarding;

/// <summary>How far a request got on its way to the app.</summary>
internal enum Delivery
{
    /// <summary>Nothing of it was sent, so the app has not seen it.</summary>
    Pending = 0,

    /// <summary>Its head was written to a connection of the app.</summary>
    Sent,

    /// <summary>The app's HTTP/2 connection declared that it has not processed it.</summary>
    Refused,
}
