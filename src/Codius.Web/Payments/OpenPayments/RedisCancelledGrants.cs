using Codius.Web.Balances.Storage;
using OpenPayments.Net;
using OpenPayments.Net.Grants;
using StackExchange.Redis;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>
/// The grants and tokens cancelled before they expired, for all gateways on one Redis; each is kept until it would have expired.
/// </summary>
internal sealed class RedisCancelledGrants(IConnectionMultiplexer redis, TimeProvider time) : ICancelledGrants
{
    private static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);

    public async ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation)
    {
        // Two commands: on a Redis cluster the keys may be in different slots.
        var found = await RunAsync(database => Task.WhenAll(database.KeyExistsAsync(Key(grantId)), database.KeyExistsAsync(Key(tokenId))));
        return found[0] || found[1];
    }

    public async ValueTask<bool> CancelAsync(string id, DateTimeOffset until, CancellationToken cancellation)
    {
        var left = until - time.GetUtcNow();
        return await RunAsync(database => database.StringSetAsync(Key(id), "", left > MinLifetime ? left : MinLifetime, When.NotExists));
    }

    private static RedisKey Key(string id) => "codius:grant-ended:" + id;

    private async ValueTask<T> RunAsync<T>(Func<IDatabase, Task<T>> command)
    {
        try
        {
            return await command(redis.GetDatabase());
        }
        catch (Exception exception) when (StoreTrouble.Is(exception))
        {
            throw new OpenPaymentsUnavailableException("Grants cannot be checked.", exception);
        }
    }
}
