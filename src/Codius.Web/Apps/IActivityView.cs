namespace Codius.Web.Apps;

/// <summary>What is open at an app, over all gateways: what putting to sleep is decided by.</summary>
internal interface IActivityView
{
    /// <summary>True if it is for this gateway to put apps to sleep; of several that run side by side one does.</summary>
    bool Decides { get; }

    /// <summary>Open requests and sockets now.</summary>
    int Open(string app);

    /// <summary>How long nothing has been open; zero while something is, null if the app was never visited.</summary>
    TimeSpan? IdleFor(string app);
}
