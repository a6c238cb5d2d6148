namespace Codius.Testing.Stores;

/// <summary>A store that can be killed and started again on what it had written.</summary>
internal interface IStoreProcess : IAsyncDisposable
{
    /// <summary>A value of <c>Redis:ConnectionString</c>.</summary>
    string ConnectionString { get; }

    /// <summary>Starts it, also after a kill; returns when it answers.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>SIGKILL: it gets no time to write anything.</summary>
    Task KillAsync();
}
