using System.Text;
using System.Text.Json;
using Codius.Shared;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Secrets;
using StackExchange.Redis;

namespace Codius.Web.Apps;

/// <summary>
/// The last failure of each app, for a day, in the ledger's Redis: its owner reads it through any gateway, whichever saw it. Sealed
/// with the host's secret and bound to name and owner, since an app's output may hold passwords.
/// </summary>
internal sealed class LastFailures(RedisStore store, HostSecrets secrets)
{
    private const string Label = "last failure";
    private const int LongestOutput = 8_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <exception cref="AppStoreUnavailableException">The store is unavailable.</exception>
    public async Task WriteAsync(HostedApp app, LastFailure failure)
    {
        // The end of an output says more than its beginning.
        if (failure.Output is { Length: > LongestOutput } output) failure = failure with { Output = output[^LongestOutput..] };
        var text = JsonSerializer.SerializeToUtf8Bytes(failure, LastFailureJson.Default.LastFailure);
        var sealedText = AesGcmSeal.Seal(secrets.Current.Derive(Label), text, Bound(app.Name, app.Owner));
        await ExecuteAsync(database => database.StringSetAsync(Key(app.Name), sealedText, Kept));
    }

    /// <summary>Null if there is none, or it is another owner's.</summary>
    /// <exception cref="AppStoreUnavailableException">The store is unavailable.</exception>
    public async ValueTask<LastFailure?> ReadAsync(string name, AccountId? owner) =>
        (byte[]?)await ExecuteAsync(database => database.StringGetAsync(Key(name))) is { } sealedText
        && AesGcmSeal.Open(secrets.All.Select(secret => secret.Derive(Label)), sealedText, Bound(name, owner)) is { } text
            ? JsonSerializer.Deserialize(text, LastFailureJson.Default.LastFailure) : null;

    private async ValueTask<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command)
    {
        try
        {
            return await command(store.Connection.GetDatabase());
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            throw new AppStoreUnavailableException("The store of failures did not answer.", trouble);
        }
    }

    private static RedisKey Key(string name) => $"{BalanceKeys.Account(AccountId.OfApp(name))}:failure";

    private static byte[] Bound(string name, AccountId? owner) => Encoding.UTF8.GetBytes($"{name}\n{owner}");
}
