namespace Codius.Web.Apps;

/// <summary>What an app is doing, since when, and what went wrong last: one line of <c>/admin/health</c>.</summary>
/// <param name="App">The version that serves, or that should.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Since">When it began to.</param>
/// <param name="LastError">Why the last start failed, in plain words; null if none did since the app last slept.</param>
internal sealed record AppStatus(HostedApp App, AppState State, DateTimeOffset Since, string? LastError);
