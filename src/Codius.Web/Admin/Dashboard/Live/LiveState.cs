namespace Codius.Web.Admin.Dashboard.Live;

/// <summary>The parts of the overview at one moment.</summary>
/// <param name="Parts">By name; the same object as long as the part is the same.</param>
/// <param name="IsEnd">The gateway is about to end, and its streams end.</param>
internal sealed record LiveState(IReadOnlyDictionary<string, LivePart> Parts, bool IsEnd = false)
{
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static LiveState Nothing => new(new Dictionary<string, LivePart>());

    public static LiveState End => new(new Dictionary<string, LivePart>(), IsEnd: true);

    /// <summary>Completes when there is a later one.</summary>
    public Task Superseded => _superseded.Task;

    public void Supersede() => _superseded.TrySetResult();
}

/// <summary>A part, and the whole event that sends it.</summary>
internal sealed record LivePart(string Html, byte[] Event);
