namespace Codius.Web.Apps;

/// <summary>The open requests and sockets of each app, over all gateways: the input for putting apps to sleep.</summary>
internal interface IActivityView
{
    /// <summary>True if this gateway puts apps to sleep; of several gateways exactly one does.</summary>
    bool Decides { get; }

    /// <summary>Open requests and sockets now.</summary>
    int Open(string app);

    /// <summary>How long nothing has been open; zero while something is, null if the app was never visited.</summary>
    TimeSpan? IdleFor(string app);
}
