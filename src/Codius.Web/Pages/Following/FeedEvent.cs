namespace Codius.Web.Pages.Following;

/// <summary>What a feed sent last: the text of the latest state, and perhaps that nothing changed since the one before.</summary>
/// <param name="State">The whole event, the same array as long as the state is the same; null before the first.</param>
/// <param name="IsEnd">The feed has ended, and its streams end.</param>
internal sealed record FeedEvent(byte[]? State, bool IsEnd = false)
{
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when there is a later one.</summary>
    public Task Superseded => _superseded.Task;

    public void Supersede() => _superseded.SetResult();
}
