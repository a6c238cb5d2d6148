namespace Codius.Web.Apps;

/// <summary>The state of an app, since when, and its last error: one entry of <c>/admin/health</c>.</summary>
/// <param name="App">The version that serves, or that is starting.</param>
/// <param name="State">Its state.</param>
/// <param name="Since">When it entered that state.</param>
/// <param name="LastError">Why the last start failed, in plain words; null if none did since the app last slept.</param>
/// <param name="LastOutput">The last lines of the app's output at that failure, for its owner alone; null if there are none.</param>
internal sealed record AppStatus(HostedApp App, AppState State, DateTimeOffset Since, string? LastError, string? LastOutput = null);
