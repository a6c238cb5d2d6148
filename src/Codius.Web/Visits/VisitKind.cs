namespace Codius.Web.Visits;

/// <summary>What kind of request a visit is, as far as the gateway treats kinds differently.</summary>
internal enum VisitKind
{
    /// <summary>A program's request: held while the app wakes.</summary>
    Program,

    /// <summary>A person opens a page: gets a page that waits while the app wakes.</summary>
    Navigation,

    /// <summary>A browser asks whether it may send a cross-origin request: free, and never wakes.</summary>
    Preflight,

    /// <summary>Sent without anybody asking for it (an icon, robots.txt, a prefetch): never wakes.</summary>
    Incidental,
}
