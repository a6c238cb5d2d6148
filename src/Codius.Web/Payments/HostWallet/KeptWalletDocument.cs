using System.Text.Json;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;
using OpenPayments.Net.Paying;
using StackExchange.Redis;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// A copy of the wallet's document in the store, with the pointer it belongs to: gateways that start while the wallet is away know it.
/// </summary>
internal sealed class KeptWalletDocument(RedisStore store, IOptions<PaymentsOptions> options)
{
    private static readonly RedisKey Key = "codius:wallet";

    /// <summary>The copy; null if there is none of this pointer, or the store is unavailable.</summary>
    public async Task<PayerWallet?> ReadAsync()
    {
        try
        {
            var text = (string?)await store.Connection.GetDatabase().StringGetAsync(Key);
            return text is not null && JsonSerializer.Deserialize<Copy>(text) is { } copy && copy.Pointer == options.Value.Wallet
                ? copy.Wallet
                : null;
        }
        catch (Exception trouble) when (trouble is JsonException || StoreTrouble.Is(trouble))
        {
            return null;
        }
    }

    /// <summary>Best effort: without the copy, payments wait for the wallet after a restart.</summary>
    // It is written again when the document is read again.
    public Task WriteAsync(PayerWallet wallet) => StoreTrouble.TryAsync(() =>
        store.Connection.GetDatabase().StringSetAsync(Key, JsonSerializer.Serialize(new Copy(options.Value.Wallet!, wallet))));

    private sealed record Copy(string Pointer, PayerWallet Wallet);
}
