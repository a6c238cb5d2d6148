namespace Codius.Testing.Stores;

/// <summary>What a <see cref="FaultyLink"/> does to the bytes between its two ends.</summary>
internal enum LinkFault
{
    None = 0,

    /// <summary>New connections are reset at once.</summary>
    Refuses,

    /// <summary>Everything arrives later, in both directions.</summary>
    Slow,

    /// <summary>Nothing arrives in either direction, and no end hears of it; a connection that lost bytes so is of no more use.</summary>
    Silent,

    /// <summary>Requests arrive, replies do not: the server has done what it was asked, and the client cannot know.</summary>
    LosesReplies,
}
