namespace Codius.Web.Visits;

/// <summary>The kinds of request that the gateway treats differently.</summary>
internal enum VisitKind
{
    /// <summary>A program's request: held while the app wakes.</summary>
    Program,

    /// <summary>A person opens a page: answered with a waiting page while the app wakes.</summary>
    Navigation,

    /// <summary>A browser checks whether it may send a cross-origin request: free, wakes a funded app, and is held meanwhile.</summary>
    Preflight,

    /// <summary>Sent without a person's action (an icon, robots.txt, a prefetch): never wakes.</summary>
    Incidental,
}
