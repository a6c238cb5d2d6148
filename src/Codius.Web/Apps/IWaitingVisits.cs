namespace Codius.Web.Apps;

/// <summary>How many requests wait at this gateway for apps to wake.</summary>
internal interface IWaitingVisits
{
    /// <summary>For all apps together.</summary>
    int Total { get; }

    /// <summary>Now, by app; apps without any are left out.</summary>
    IReadOnlyDictionary<string, int> ByApp { get; }
}
