namespace Codius.Web.SimulationTests.Stores;

/// <summary>What becomes of a script.</summary>
internal enum ScriptFate
{
    /// <summary>It runs, and its answer arrives.</summary>
    Arrives,

    /// <summary>The store never gets it.</summary>
    IsLost,

    /// <summary>It runs, and its answer is lost.</summary>
    AnswerIsLost,

    /// <summary>The store answers that it takes no writes.</summary>
    IsRefused,

    /// <summary>The store crashes within it, after some of its writes, and is there again at once.</summary>
    Crashes,
}
