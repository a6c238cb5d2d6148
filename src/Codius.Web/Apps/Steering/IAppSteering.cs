namespace Codius.Web.Apps.Steering;

/// <summary>
/// What the host's owner set for single apps: written by any gateway, and followed by all of them. A visit finds it in its
/// <see cref="HostedApp.Steering"/>; code that keeps a <see cref="HostedApp"/> for longer reads it here.
/// </summary>
internal interface IAppSteering
{
    /// <summary>What is set for a name, from memory.</summary>
    AppSteering Of(string name);

    /// <summary>Every name for which something is set, from memory.</summary>
    IReadOnlyDictionary<string, AppSteering> All { get; }

    /// <summary>The names whose entry in the store cannot be read, in their order, from memory.</summary>
    IReadOnlyList<string> Unreadable { get; }

    /// <summary>What is set for a name, from the store.</summary>
    /// <exception cref="AppStoreUnavailableException">The store did not answer.</exception>
    ValueTask<AppSteering> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>
    /// Sets all of it, unless another admin changed it since <paramref name="expectedVersion"/>; the versions of <paramref name="next"/>
    /// do not matter. Once it has returned, this gateway obeys it; the others a moment later.
    /// </summary>
    ValueTask<SteeringResult> ChangeAsync(string name, AppSteering next, long expectedVersion, CancellationToken cancellation);

    /// <summary>Has the app put to sleep, if it is awake, by the gateway that puts apps to sleep.</summary>
    ValueTask<SteeringResult> RequestSleepAsync(string name, CancellationToken cancellation);

    /// <summary>Removes all that is set for a name: it has no owner any more.</summary>
    /// <exception cref="AppStoreUnavailableException">The store did not answer.</exception>
    ValueTask ForgetAsync(string name, CancellationToken cancellation);

    /// <summary>What is set for this name is another one now, in this gateway's memory; handlers are quick.</summary>
    event Action<string>? Changed;
}

/// <summary>The outcomes of a change.</summary>
internal enum SteeringResult
{
    /// <summary>It is set.</summary>
    Done,

    /// <summary>Another admin changed it meanwhile; nothing changed.</summary>
    Conflict,

    /// <summary>The store did not answer, or its answer was lost.</summary>
    Unavailable,
}
