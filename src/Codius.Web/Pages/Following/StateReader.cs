using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Pages.Following;

/// <summary>Writes a balance, the prices and the app's state as the JSON that is returned and streamed.</summary>
internal sealed class StateReader(
    IBalanceLedger ledger, IAppRunner runner, IAppSteering steering, Prices prices, Asset asset, WireAsset wire, StartMessages messages)
{
    public async ValueTask<byte[]> ReadAsync(Followed followed, CancellationToken cancellation) =>
        Write(followed, (await ledger.ReadAsync(followed.Account, cancellation))?.Funds ?? 0);

    public byte[] Write(Followed followed, ulong funds)
    {
        var state = followed.App is { } app ? runner.StateOf(app) : null;
        // Not what the followed app carries: a stream may last longer than that.
        var set = steering.Of(followed.Account.ToString());
        var cost = state is AppState.Failed failed ? messages.AfterFailure(failed) : null;
        return JsonSerializer.SerializeToUtf8Bytes(
            BalanceState.Of(followed.Account, funds, state, set.BlockedWords, cost, prices.For(set), asset, wire),
            JsonSerializerOptions.Web);
    }
}
